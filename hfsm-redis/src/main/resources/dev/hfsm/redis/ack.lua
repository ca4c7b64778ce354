-- Forgets hints that were given out and acted upon.
-- KEYS as of every script: 4 and 8 are what was given out of inspect and derive, 10 counts
-- ARGV hints as they were given out: time in 16 digits, priority, a space, subject
-- Gives how many were known.
local inspect, derive = {}, {}
for _, hint in ipairs(ARGV) do
  local kind = string.byte(hint, string.find(hint, ' ', 17, true) + 1) == 105 and inspect or derive
  kind[#kind + 1] = hint
end

local function forget(kind, key, hints)
  if #hints == 0 then
    return 0
  end
  local gone = redis.call('ZREM', key, unpack(hints))
  if gone > 0 then
    redis.call('HINCRBY', KEYS[10], kind .. ':acknowledged', gone)
  end
  return gone
end

return { forget('inspect', KEYS[4], inspect) + forget('derive', KEYS[8], derive) }

-- Begins every script that is told of hints that were given out and acted upon.
-- KEYS as of every script: 4 and 8 are what was given out of inspect and derive, 10 counts
-- ARGV from a place on: hints as they were given out: time in 16 digits, priority, a space, subject
local function forget(from)
  local inspect, derive = {}, {}
  for n = from, #ARGV do
    local hint = ARGV[n]
    local kind = string.byte(hint, string.find(hint, ' ', 17, true) + 1) == 105 and inspect or derive
    kind[#kind + 1] = hint
  end
  local known = 0
  for kind, of in pairs({ inspect = { KEYS[4], inspect }, derive = { KEYS[8], derive } }) do
    if #of[2] > 0 then
      local gone = redis.call('ZREM', of[1], unpack(of[2]))
      if gone > 0 then
        redis.call('HINCRBY', KEYS[10], kind .. ':acknowledged', gone)
      end
      known = known + gone
    end
  end
  return known
end

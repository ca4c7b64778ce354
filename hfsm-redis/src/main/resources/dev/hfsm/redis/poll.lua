-- Gives out hints that are due: of all kinds that may, the highest priority first, then the earliest.
-- KEYS of inspect (1-4) and derive (5-8): waiting, ready, later, taken; then 9 rules, 10 counts
-- ARGV 1 ms that this queue's clock is ahead, 2 the most to give, 3 ms until a hint that was not
--      acknowledged is given out again, 4 the bell; then hints that were acted upon, as for ack
-- Gives ms until looking again is worth while (-1: not known, or there may be more), then hints: time in 16 digits,
-- priority, a space, subject; then which kinds are under a rule: 1 inspect, 2 derive, 3 both, 0 none.
--
-- What removes comes before what adds, in every branch: a server that is full can be emptied.
forget(5)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
local most = tonumber(ARGV[2])
local SOME = 250
local soonest = nil
local wake = false

local function at_the_latest(when)
  when = when and tonumber(when)
  if when and (not soonest or when < soonest) then
    soonest = when
  end
end

-- Hints that were given out and not acknowledged are due again.
local function revive(kind, base)
  local overdue = redis.call('ZRANGEBYSCORE', KEYS[base + 3], '-inf', now, 'LIMIT', 0, SOME)
  if #overdue == 0 then
    return 0
  end
  local waiting, ready, later = KEYS[base], KEYS[base + 1], KEYS[base + 2]
  redis.call('ZREM', KEYS[base + 3], unpack(overdue))
  for _, hint in ipairs(overdue) do
    local space = string.find(hint, ' ', 17, true)
    local at, priority = string.sub(hint, 1, 16), string.sub(hint, 17, space - 1)
    local subject = string.sub(hint, space + 1)
    local was = redis.call('HGET', waiting, subject)
    if was then
      local was_at, was_priority = string.sub(was, 1, 16), string.sub(was, 17)
      redis.call('ZREM', ready, was_at .. subject)
      redis.call('ZREM', later, subject)
      if was_at < at then
        at = was_at
      end
      if tonumber(was_priority) > tonumber(priority) then
        priority = was_priority
      end
    end
    redis.call('HSET', waiting, subject, at .. priority)
    redis.call('ZADD', ready, 0 - priority, at .. subject)
  end
  redis.call('HINCRBY', KEYS[10], kind .. ':redelivered', #overdue)
  return #overdue
end

-- Hints whose time has come are due.
local function ripen(base)
  local ripe = redis.call('ZRANGEBYSCORE', KEYS[base + 2], '-inf', now, 'LIMIT', 0, SOME)
  if #ripe == 0 then
    return 0
  end
  local notes = redis.call('HMGET', KEYS[base], unpack(ripe))
  redis.call('ZREM', KEYS[base + 2], unpack(ripe))
  local due = {}
  for i, subject in ipairs(ripe) do
    local note = notes[i]
    if not note then
      note = string.format('%016.0f', now) .. '0' -- an eviction took it
      redis.call('HSET', KEYS[base], subject, note)
    end
    due[#due + 1] = 0 - string.sub(note, 17)
    due[#due + 1] = string.sub(note, 1, 16) .. subject
  end
  redis.call('ZADD', KEYS[base + 1], unpack(due))
  return #ripe
end

-- How many hints of a kind may be given out, and under a limit the window they count in.
local function allowance(paused, limit, window)
  if paused then
    return 0
  end
  if not limit then
    return most
  end
  local allowed, length = string.match(limit, '^(%d+) (%d+)$')
  local start, used = string.match(window or '', '^(%d+) (%d+)$')
  -- A window that begins in the future is of a server whose clock was ahead: a master before, for instance.
  if not start or now >= start + length or now < tonumber(start) then
    return tonumber(allowed), now, 0
  end
  if allowed - used <= 0 then
    return 0, tonumber(start), tonumber(used), start + length
  end
  return allowed - used, tonumber(start), tonumber(used)
end

local rules = redis.call('HMGET', KEYS[9], 'inspect:paused', 'inspect:limit', 'inspect:window',
    'derive:paused', 'derive:limit', 'derive:window')

local function look(kind, base, rule)
  local moved = revive(kind, base) + ripen(base)
  local found = { kind = kind, base = base, moved = moved, given = {} }
  local allowed, reopens
  allowed, found.start, found.used, reopens =
      allowance(rules[rule], rules[rule + 1], rules[rule + 2])
  if allowed > 0 then
    found.due = redis.call('ZRANGE', KEYS[base + 1], 0, math.min(most, allowed) - 1, 'WITHSCORES')
  else
    found.due = {}
    if reopens and redis.call('EXISTS', KEYS[base + 1]) == 1 then
      at_the_latest(reopens)
    end
  end
  return found
end

local function comes_before(a, i, b, j)
  if not a.due[i] then
    return false
  end
  if not b.due[j] then
    return true
  end
  local a_score, b_score = tonumber(a.due[i + 1]), tonumber(b.due[j + 1])
  if a_score ~= b_score then
    return a_score < b_score
  end
  return string.sub(a.due[i], 1, 16) <= string.sub(b.due[j], 1, 16)
end

local inspect, derive = look('inspect', 1, 1), look('derive', 5, 4)
local answer = { -1 }
local i, j = 1, 1
while #answer <= most and (inspect.due[i] or derive.due[j]) do
  local from, n
  if comes_before(inspect, i, derive, j) then
    from, n, i = inspect, i, i + 2
  else
    from, n, j = derive, j, j + 2
  end
  local member, score = from.due[n], from.due[n + 1]
  from.given[#from.given + 1] = member
  answer[#answer + 1] = string.sub(member, 1, 16)
      .. string.format('%.0f', 0 - score) .. ' ' .. string.sub(member, 17)
end

local function give(found)
  local given = found.given
  if #given == 0 then
    return
  end
  local subjects, taken = {}, {}
  for n, member in ipairs(given) do
    subjects[n] = string.sub(member, 17)
  end
  redis.call('ZREM', KEYS[found.base + 1], unpack(given))
  redis.call('HDEL', KEYS[found.base], unpack(subjects))
  local first = found.kind == 'inspect' and 105 or 100 -- 'i', 'd'
  for n = 2, #answer do
    local hint = answer[n]
    if string.byte(hint, string.find(hint, ' ', 17, true) + 1) == first then
      taken[#taken + 1] = now + ARGV[3]
      taken[#taken + 1] = hint
    end
  end
  redis.call('ZADD', KEYS[found.base + 3], unpack(taken))
  redis.call('HINCRBY', KEYS[10], found.kind .. ':delivered', #given)
  if found.start then
    redis.call('HSET', KEYS[9], found.kind .. ':window',
        string.format('%.0f %.0f', found.start, found.used + #given))
  end
end
give(inspect)
give(derive)

for _, found in ipairs({ inspect, derive }) do
  -- Others who wait have not been told of what became due by itself.
  if found.moved > #found.given and redis.call('EXISTS', KEYS[found.base + 1]) == 1 then
    wake = true
  end
  if #answer <= most then
    at_the_latest(redis.call('ZRANGE', KEYS[found.base + 2], 0, 0, 'WITHSCORES')[2])
    at_the_latest(redis.call('ZRANGE', KEYS[found.base + 3], 0, 0, 'WITHSCORES')[2])
  end
end
if wake then
  redis.call('PUBLISH', ARGV[4], '')
end
if soonest then
  answer[1] = math.max(0, math.min(soonest - now, 86400000))
end
answer[#answer + 1] = ((rules[1] or rules[2]) and 1 or 0) + ((rules[4] or rules[5]) and 2 or 0)
return answer

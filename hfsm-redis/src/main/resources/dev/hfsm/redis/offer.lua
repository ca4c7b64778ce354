-- Takes hints in, no subject twice.
-- KEYS of inspect (1-4) and derive (5-8): waiting, ready, later, taken; then 9 rules, 10 counts
-- ARGV 1 ms that this queue's clock is ahead, 2 the caller's clock in ms, 3 most hints of a kind,
--      4 the bell; then of each hint: subject, time in 16 digits, priority
-- Gives the number of hints dropped.
--
-- A time is compared with the caller's clock, and only the difference is carried over: nodes need
-- not agree with this server about the time.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
local asked = string.format('%016.0f', ARGV[2])
local most = tonumber(ARGV[3])
local wake = false

local function count(kind, what, n)
  if n > 0 then
    redis.call('HINCRBY', KEYS[10], kind .. ':' .. what, n)
  end
end

local function take_in(kind, base, numbers)
  if #numbers == 0 then
    return 0
  end
  local waiting, ready, later = KEYS[base], KEYS[base + 1], KEYS[base + 2]
  local subjects = {}
  for i, n in ipairs(numbers) do
    subjects[i] = ARGV[n]
  end
  local ready_before = redis.call('ZCARD', ready)
  local held = ready_before + redis.call('ZCARD', later)
  if held == 0 and redis.call('HLEN', waiting) > 0 then
    redis.call('DEL', waiting) -- notes without hints, as evictions leave them
  end
  local first_before = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')[2]
  local room = most - held - redis.call('ZCARD', KEYS[base + 3])
  local notes, due, delayed = {}, {}, {}
  local merged, dropped = 0, 0
  local known = redis.call('HMGET', waiting, unpack(subjects))
  for i, n in ipairs(numbers) do
    local subject, at, priority = ARGV[n], ARGV[n + 1], ARGV[n + 2]
    local was = known[i]
    if was then
      local was_at, was_priority = string.sub(was, 1, 16), string.sub(was, 17)
      local gone = redis.call('ZREM', ready, was_at .. subject) + redis.call('ZREM', later, subject)
      if gone > 0 then
        merged = merged + 1
        room = room + gone
        if was_at < at then
          at = was_at
        end
        if tonumber(was_priority) > tonumber(priority) then
          priority = was_priority
        end
      end
    end
    local is_due = at <= asked
    if room < 1 and is_due then
      -- What is due goes before what is not: a queue full of hints for next week serves nobody.
      local last = redis.call('ZPOPMAX', later)[1]
      if last then
        redis.call('HDEL', waiting, last)
        dropped = dropped + 1
        room = room + 1
      end
    end
    if room < 1 then
      dropped = dropped + 1
      if was then
        redis.call('HDEL', waiting, subject)
      end
    else
      room = room - 1
      notes[#notes + 1] = subject
      notes[#notes + 1] = at .. priority
      if is_due then
        due[#due + 1] = 0 - priority
        due[#due + 1] = at .. subject
      else
        delayed[#delayed + 1] = now + at - ARGV[2]
        delayed[#delayed + 1] = subject
      end
    end
  end
  if #notes > 0 then
    redis.call('HSET', waiting, unpack(notes))
  end
  if #due > 0 then
    redis.call('ZADD', ready, unpack(due))
  end
  if #delayed > 0 then
    redis.call('ZADD', later, unpack(delayed))
    local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')[2]
    wake = wake or not first_before or tonumber(first) < tonumber(first_before)
  end
  -- Whoever waits has seen nothing: only the first hint that is due has to be told of.
  wake = wake or ready_before == 0 and #due > 0
  count(kind, 'offered', #numbers)
  count(kind, 'merged', merged)
  count(kind, 'dropped', dropped)
  return dropped
end

local inspect, derive = {}, {}
for n = 5, #ARGV, 3 do
  local kind = string.byte(ARGV[n]) == 105 and inspect or derive -- 'i'
  kind[#kind + 1] = n
end
local dropped = take_in('inspect', 1, inspect) + take_in('derive', 5, derive)
if wake then
  redis.call('PUBLISH', ARGV[4], '')
end
return { dropped }

-- Sets a rule, or removes it if its value is empty, and wakes who waits.
-- KEYS as of every script: 9 rules
-- ARGV 1 kind, 2 rule, 3 value, 4 the bell
local field = ARGV[1] .. ':' .. ARGV[2]
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[9], field)
else
  redis.call('HSET', KEYS[9], field, ARGV[3])
end
if ARGV[2] == 'limit' then
  redis.call('HDEL', KEYS[9], ARGV[1] .. ':window') -- another limit counts afresh
end
redis.call('PUBLISH', ARGV[4], '')
return {}

-- Gives what is held of a kind and what was counted of it.
-- KEYS as of every script
-- ARGV 1 kind
local base = ARGV[1] == 'inspect' and 1 or 5
redis.call('HLEN', KEYS[base]) -- fails if something else lies there
local answer = {
  redis.call('ZCARD', KEYS[base + 1]),
  redis.call('ZCARD', KEYS[base + 2]),
  redis.call('ZCARD', KEYS[base + 3]),
}
local counted = { 'offered', 'merged', 'dropped', 'delivered', 'redelivered', 'acknowledged' }
for _, what in ipairs(counted) do
  answer[#answer + 1] = tonumber(redis.call('HGET', KEYS[10], ARGV[1] .. ':' .. what) or 0)
end
local rules = redis.call('HMGET', KEYS[9], ARGV[1] .. ':paused', ARGV[1] .. ':limit')
answer[#answer + 1] = rules[1] and 1 or 0
answer[#answer + 1] = rules[2] or ''
return answer

-- A leased item's score is the end of its lease: one index finds what is due and what a dead worker left.
local ids = redis.call('ZRANGEBYSCORE', key('outbox'), '-inf', input.now, 'LIMIT', 0, input.limit)
local leased = {}
for _, id in ipairs(ids) do
  local item = key('outbox', id)
  redis.call('ZADD', key('outbox'), input['until'], id)
  redis.call('HSET', item, 'lease', input.lease)
  redis.call('SADD', key('leases', input.lease), id)
  local attempt = redis.call('HINCRBY', item, 'attempt', 1)
  leased[#leased + 1] = {redis.call('HGET', item, 'record'), attempt}
end
-- What a dead worker held goes by itself.
redis.call('PEXPIRE', key('leases', input.lease), 3600000)
return leased

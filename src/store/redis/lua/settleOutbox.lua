local item = key('outbox', input.id)
local held = redis.call('HMGET', item, 'lease', 'kind', 'message')
if not held[1] or held[1] ~= input.lease then return 0 end
redis.call('SREM', key('leases', input.lease), input.id)
if input.kind == 'deferred' then
  redis.call('HSET', item, 'lease', '')
  redis.call('ZADD', key('outbox'), input['until'], input.id)
  return 1
end
redis.call('DEL', item)
redis.call('ZREM', key('outbox'), input.id)
if held[2] ~= 'mail' then return 1 end
if input.kind == 'delivered' then
  setStatus(held[3], 'delivered')
  redis.call('DEL', key('body', held[3], 'outgoing'))
else
  setStatus(held[3], input.status)
  for _, notice in ipairs(input.notices) do insertOutbox(notice) end
end
return 1

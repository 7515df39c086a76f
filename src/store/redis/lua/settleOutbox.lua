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
if input.kind == 'delivered' then
  for _, move in ipairs(input.clocks) do moveClock(move) end
end
if held[2] ~= 'mail' then return 1 end
-- A message that has bounced meanwhile stays so, and its author was told.
local hasBounced = redis.call('HGET', key('message', held[3]), 'status') == 'bounced'
if not hasBounced then setStatus(held[3], input.kind == 'delivered' and 'delivered' or input.status) end
if input.kind == 'delivered' then
  redis.call('DEL', key('body', held[3], 'outgoing'))
elseif not hasBounced then
  for _, notice in ipairs(input.notices) do insertOutbox(notice) end
end
return 1

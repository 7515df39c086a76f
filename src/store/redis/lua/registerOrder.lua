-- Of an order that is known, the parties, the aliases, the status and the day it was placed stay; the caller merges the record.
local order = key('order', input.orderId)
local known = redis.call('GET', order)
if known then
  local held = cjson.decode(known)
  if held.sellerId ~= input.sellerId or held.buyerId ~= input.buyerId then return {'conflict'} end
  if input.replaces ~= known then return {'known', known} end
  redis.call('SET', order, input.record)
  return {'updated', input.record}
end
if redis.call('EXISTS', key('seller', input.sellerId)) == 0 then return {'noSeller'} end
for _, alias in ipairs(input.aliases) do
  if redis.call('EXISTS', key('alias', alias.localPart)) == 1 then return redis.error_reply('an alias exists already') end
end
redis.call('SET', order, input.record)
redis.call('ZADD', key('orders'), nextSeq(), input.orderId)
for _, alias in ipairs(input.aliases) do redis.call('SET', key('alias', alias.localPart), alias.party .. ' ' .. input.orderId) end
local days = key('orderDays', input.sellerId)
for _, day in ipairs(redis.call('HKEYS', days)) do
  if tonumber(day) < input.firstDay then redis.call('HDEL', days, day) end
end
if input.day >= input.firstDay then redis.call('HINCRBY', days, string.format('%.0f', input.day), 1) end
return {'created', input.record}

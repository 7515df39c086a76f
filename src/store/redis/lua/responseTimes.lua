-- Each answer as text that ends with the milliseconds; each question as the milliseconds that it has waited.
local since = '(' .. string.format('%.0f', input.since)
local waiting = {}
for _, orderId in ipairs(redis.call('ZRANGEBYSCORE', key('clocks', input.sellerId), since, '+inf')) do
  local held = redis.call('HMGET', key('clock', orderId), 'runsFrom', 'stoppedAt')
  waiting[#waiting + 1] = math.max(0, tonumber(held[2] or input.now) - tonumber(held[1]))
end
return {redis.call('ZRANGEBYSCORE', key('responses', input.sellerId), since, '+inf'), waiting}

local known = redis.call('GET', key('seller', input.sellerId))
if known then
  for _, sender in ipairs(cjson.decode(known).senders) do redis.call('SREM', key('sender', sender), input.sellerId) end
end
redis.call('SET', key('seller', input.sellerId), input.record)
for _, sender in ipairs(input.senders) do redis.call('SADD', key('sender', sender), input.sellerId) end
return 'ok'

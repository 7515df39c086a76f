local known = redis.call('GET', key('credential', input.userHash))
if known and cjson.decode(known).sellerId ~= input.sellerId then return 'taken' end
redis.call('SET', key('credential', input.userHash), input.record)
return 'stored'

local case = key('case', input.caseId)
local held = redis.call('HMGET', case, 'status', 'confirmedAt', 'record')
if not held[1] then return 'unknown' end
if held[1] ~= 'open' or held[2] then return 'alreadyDecided' end
redis.call('HSET', case, 'confirmedAt', string.format('%.0f', input.at), 'deadline', string.format('%.0f', input.deadline))
redis.call('ZADD', key('cases', 'due'), input.deadline, input.caseId)
stopWaiting(input.caseId, held[3])
if input.accepts then acceptAuthor(input.accepts) end
return 'confirmed'

local case = key('case', input.caseId)
local held = redis.call('HMGET', case, 'status', 'message', 'seq', 'record')
if not held[1] then return 'unknown' end
if held[1] ~= 'open' then return 'alreadyDecided' end
redis.call('HSET', case, 'status', 'decided', 'decision', input.decision)
redis.call('ZREM', key('cases', 'open'), input.caseId)
redis.call('ZADD', key('cases', 'decided'), held[3], input.caseId)
redis.call('ZREM', key('cases', 'due'), input.caseId)
stopWaiting(input.caseId, held[4])
setStatus(held[2], input.status)
insertDispatch(input)
for _, move in ipairs(input.clocks) do moveClock(move) end
if input.accepts then acceptAuthor(input.accepts) end
if input.dropsOriginal then redis.call('DEL', key('body', held[2], 'original')) end
return 'decided'

-- Looked at before anything is written: a script is not rolled back.
for _, message in ipairs(input.messages) do
  if redis.call('EXISTS', key('message', message.id)) == 1 then return redis.error_reply('a message with this id exists already') end
end
for _, opened in ipairs(input.cases) do
  if redis.call('EXISTS', key('case', opened.id)) == 1 then return redis.error_reply('a case with this id exists already') end
end
for _, item in ipairs(input.outbox) do
  if redis.call('EXISTS', key('outbox', item.id)) == 1 then return redis.error_reply('an outbox item with this id exists already') end
end
if isSeen(input.sightings) then return 'seen' end
for _, charge in ipairs(input.charges) do
  local counted = tonumber(redis.call('HGET', meterKey(charge), readingOf(charge)) or 0)
  if charge.atMost and counted >= charge.atMost then return charge.meter end
end
for _, message in ipairs(input.messages) do
  local seq = nextSeq()
  redis.call('HSET', key('message', message.id), 'record', message.record, 'status', message.status, 'seq', seq)
  redis.call('ZADD', key('messages'), seq, message.id)
  redis.call('ZADD', key('messages', 'order', message.orderId), seq, message.id)
  redis.call('ZADD', key('messages', 'seller', message.sellerId), seq, message.id)
  redis.call('ZADD', key('messages', 'status', message.status), seq, message.id)
end
for _, opened in ipairs(input.cases) do
  local seq = nextSeq()
  redis.call('HSET', key('case', opened.id), 'record', opened.record, 'status', opened.status, 'message', opened.messageId, 'seq', seq)
  redis.call('ZADD', key('cases'), seq, opened.id)
  redis.call('ZADD', key('cases', opened.status), seq, opened.id)
  if opened.deadline then redis.call('ZADD', key('cases', 'due'), opened.deadline, opened.id) end
end
insertDispatch(input)
for _, bypass in ipairs(input.bypasses) do redis.call('ZADD', key('bypasses'), nextSeq(), bypass) end
for _, rare in ipairs(input.rareNotices) do insertRareNotice(rare, input.talliesKeptMs) end
for _, charge in ipairs(input.charges) do chargeMeter(charge) end
for _, move in ipairs(input.clocks) do moveClock(move) end
-- After the questions: a case does not wait for an answer to itself.
for _, opened in ipairs(input.cases) do
  if opened.asks and opened.status == 'open' then redis.call('ZADD', key('waiting', opened.orderId, opened.asks), nextSeq(), opened.id) end
end
insertSightings(input.sightings)
return 'kept'

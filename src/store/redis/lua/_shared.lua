-- What several operations do. KEYS[1] is a key with the hash tag of its family; every other key carries the same tag, so that an
-- operation stays in one slot. ARGV[1] is the operation's input as JSON; bytes follow as arguments of their own.
local tag = KEYS[1]
local input = cjson.decode(ARGV[1])

local function key(...)
  return tag .. ':' .. table.concat({...}, ':')
end

local function nextSeq()
  return redis.call('INCR', key('seq'))
end

local function setStatus(id, status)
  local message = key('message', id)
  local held = redis.call('HMGET', message, 'status', 'seq')
  if not held[1] then return end
  redis.call('ZREM', key('messages', 'status', held[1]), id)
  redis.call('ZADD', key('messages', 'status', status), held[2], id)
  redis.call('HSET', message, 'status', status)
end

local function insertOutbox(item)
  redis.call('HSET', key('outbox', item.id), 'record', item.record, 'kind', item.kind, 'message', item.messageId, 'attempt', 0, 'lease', '')
  redis.call('ZADD', key('outbox'), item.dueAt, item.id)
end

local function tallyKey(tally)
  return key('tally', tally.orderId, tally.from, tally.sign)
end

local function insertTally(tally, keptMs)
  local counted = tallyKey(tally)
  redis.call('ZREMRANGEBYSCORE', counted, '-inf', tally.at - keptMs)
  -- Beside the id stands what was written, so that the same words can be counted by themselves.
  redis.call('ZADD', counted, tally.at, tally.text and (tally.messageId .. ' ' .. tally.text) or tally.messageId)
  redis.call('PEXPIRE', counted, keptMs)
end

-- Asked and counted in one script, so that two messages at once do not both find that there was none.
local function insertRareNotice(rare, keptMs)
  local asked = redis.call('ZRANGEBYSCORE', tallyKey(rare.tally), '(' .. string.format('%.0f', rare.since), '+inf')
  if #asked >= rare.atMost then return end
  if rare.tally.text and redis.call('ZCARD', key('waiting', rare.tally.orderId, rare.tally.text)) > 0 then
    for _, member in ipairs(asked) do
      if string.sub(member, -#rare.tally.text) == rare.tally.text then return end
    end
  end
  insertOutbox(rare.notice)
  insertTally(rare.tally, keptMs)
end

-- Has somebody been first? Of one acceptance all are asked before any is kept.
local function isSeen(sightings)
  for _, new in ipairs(sightings) do
    for _, text in ipairs(redis.call('HVALS', key('sighting', new.mark))) do
      local known = cjson.decode(text)
      if known.endsAt > new.at then
        if known.alias ~= new.alias then
          if new.isExclusive then return true end
        elseif known.isConfirmed or not new.isConfirmed then
          return true
        end
      end
    end
  end
  return false
end

-- What of a mark is over is dropped with the mark, when nothing has been added for as long as one counts.
local function insertSightings(sightings)
  for _, new in ipairs(sightings) do
    redis.call('HSET', key('sighting', new.mark), new.alias, cjson.encode(new))
    redis.call('PEXPIRE', key('sighting', new.mark), new.endsAt - new.at)
  end
end

local function acceptAuthor(accepted)
  redis.call('HSETNX', key('accepted', accepted.orderId), accepted.author, accepted.record)
end

-- `record` is that of a case.
local function stopWaiting(id, record)
  local opened = cjson.decode(record)
  if opened.asks then redis.call('ZREM', key('waiting', opened.orderId, opened.asks), id) end
end

local function insertDispatch(dispatch)
  for _, body in ipairs(dispatch.bodies) do
    redis.call('SET', key('body', body.messageId, body.kind), ARGV[body.argument])
  end
  for _, item in ipairs(dispatch.outbox) do insertOutbox(item) end
  for _, thread in ipairs(dispatch.threads) do
    redis.call('RPUSH', key('threads', thread.orderId), thread.record)
    redis.call('LTRIM', key('threads', thread.orderId), -200, -1)
  end
  for _, tally in ipairs(dispatch.tallies) do insertTally(tally, dispatch.talliesKeptMs) end
end

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
  if redis.call('ZCOUNT', tallyKey(rare.tally), '(' .. string.format('%.0f', rare.since), '+inf') > 0 then return end
  insertOutbox(rare.notice)
  insertTally(rare.tally, keptMs)
end

local function acceptAuthor(accepted)
  redis.call('HSETNX', key('accepted', accepted.orderId), accepted.author, accepted.at)
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

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

local function holdsText(members, text)
  for _, member in ipairs(members) do
    if string.sub(member, -#text) == text then return true end
  end
  return false
end

-- Asked and counted in one script, so that two messages at once do not both find that there was none.
local function insertRareNotice(rare, keptMs)
  local counted = tallyKey(rare.tally)
  local function after(instant)
    return '(' .. string.format('%.0f', instant)
  end
  for _, limit in ipairs(rare.limits) do
    if redis.call('ZCOUNT', counted, after(limit.since), '+inf') >= limit.atMost then return end
  end
  local text = rare.tally.text
  if text then
    local declined = key('tally', rare.tally.orderId, rare.tally.from, 'declined')
    if holdsText(redis.call('ZRANGE', declined, 0, -1), text) then return end
    if redis.call('ZCARD', key('waiting', rare.tally.orderId, text)) > 0 then
      if holdsText(redis.call('ZRANGEBYSCORE', counted, after(rare.since), '+inf'), text) then return end
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

local function meterKey(charge)
  return key('meter', charge.meter, charge.sellerId)
end

local function readingOf(charge)
  return string.format('%.0f', math.floor(charge.at / charge.windowMs))
end

-- The reading before stays: the clock of another process may be a little behind.
local function chargeMeter(charge)
  local counted, reading = meterKey(charge), readingOf(charge)
  for _, known in ipairs(redis.call('HKEYS', counted)) do
    if tonumber(known) < reading - 1 then redis.call('HDEL', counted, known) end
  end
  redis.call('HINCRBY', counted, reading, 1)
  redis.call('PEXPIRE', counted, 3 * charge.windowMs)
end

local function askClock(move, clock, open)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', open, '-inf', move.at - move.keptMs)) do
    redis.call('DEL', key('clock', old))
    redis.call('ZREM', open, old)
  end
  if redis.call('EXISTS', clock) == 1 then return end
  local at = string.format('%.0f', move.at)
  redis.call('HSET', clock, 'askedAt', at, 'runsFrom', at, 'holds', 0)
  redis.call('ZADD', open, at, move.orderId)
end

local function endClock(move, clock, open)
  local held = redis.call('HMGET', clock, 'runsFrom', 'stoppedAt')
  local took = math.max(0, (tonumber(held[2]) or move.writtenAt) - tonumber(held[1]))
  local responses = key('responses', move.sellerId)
  local member = string.format('%s %.0f %.0f', move.orderId, move.at, took)
  redis.call('ZADD', responses, move.at, member)
  redis.call('ZREMRANGEBYSCORE', responses, '-inf', move.at - move.keptMs)
  redis.call('PEXPIRE', responses, move.keptMs)
  redis.call('DEL', clock)
  redis.call('ZREM', open, move.orderId)
end

local function letClockRun(move, clock)
  local held = redis.call('HMGET', clock, 'holds', 'stoppedAt', 'runsFrom')
  if tonumber(held[1]) == 0 or redis.call('HINCRBY', clock, 'holds', -1) > 0 then return end
  local runsFrom = tonumber(held[3]) + move.at - tonumber(held[2])
  redis.call('HSET', clock, 'runsFrom', string.format('%.0f', runsFrom))
  redis.call('HDEL', clock, 'stoppedAt')
end

local function moveClock(move)
  local clock, open = key('clock', move.orderId), key('clocks', move.sellerId)
  if move.kind == 'asked' then return askClock(move, clock, open) end
  local askedAt = redis.call('HGET', clock, 'askedAt')
  -- What was written before the question is no answer to it, and holding it holds nothing up.
  if not askedAt or tonumber(askedAt) > move.writtenAt then return end
  if move.kind == 'answered' then return endClock(move, clock, open) end
  if move.kind == 'turnedDown' then return letClockRun(move, clock) end
  redis.call('HINCRBY', clock, 'holds', 1)
  redis.call('HSETNX', clock, 'stoppedAt', string.format('%.0f', move.at))
end

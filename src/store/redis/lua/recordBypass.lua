redis.call('ZADD', key('bypasses'), nextSeq(), input.record)
return 'ok'

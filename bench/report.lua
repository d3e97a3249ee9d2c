-- What bench/load.py reads out of wrk.
done = function(summary, latency, requests)
  print("parley rps " .. summary.requests / summary.duration * 1e6)
  print("parley p50 " .. latency:percentile(50) / 1000)
  print("parley p95 " .. latency:percentile(95) / 1000)
  print("parley p99 " .. latency:percentile(99) / 1000)
  local errors = summary.errors
  print("parley wrong " .. errors.connect + errors.read + errors.write + errors.status + errors.timeout)
end

-- For wrk: ask for the paths of a file in turn.
local paths, index = {}, 0
for path in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = path end
request = function()
  index = index % #paths + 1
  return wrk.format("GET", paths[index])
end

# In R: does one piece of work, several times, and says how long the best took.
#
# usage: Rscript work.R WORK ROUNDS
arguments <- commandArgs(trailingOnly = TRUE)
guid <- "11111111-1111-4111-8111-111111111111"
server <- Sys.getenv("CONNECT_SERVER")
address <- paste0(server, "/__api__/v1/content/", guid, "/jobs")

fetch <- function(path) {
  answer <- httr::GET(paste0(address, path))
  jsonlite::fromJSON(httr::content(answer, as = "text", encoding = "UTF-8"))
}

# The same columns as ours: times are times.
with_times <- function(frame, names) {
  frame[names] <- lapply(frame[names], as.POSIXct, tz = "UTC", format = "%Y-%m-%dT%H:%M:%OSZ")
  frame
}

work <- list(
  ours_jobs = function() connectjobs::cj_jobs(client, guid),
  ours_log = function() connectjobs::cj_log(client, guid, "1m"),
  httr_jobs = function() {
    times <- c("start_time", "end_time", "last_heartbeat_time", "queued_time")
    with_times(fetch(""), times)
  },
  httr_log = function() with_times(fetch("/1m/log")$entries, "timestamp")
)

if (startsWith(arguments[1], "ours")) client <- connectjobs::cj_client()

peak_memory <- function() {
  line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) * 1024
}

before <- peak_memory()
best <- Inf
for (round in seq_len(as.integer(arguments[2]))) {
  now <- Sys.time()
  result <- work[[arguments[1]]]()
  best <- min(best, as.numeric(difftime(Sys.time(), now, units = "secs")))
  if (round == 1) memory <- peak_memory() - before
}
cat(sprintf("{\"seconds\": %.6f, \"memory\": %.0f, \"rows\": %d}\n", best, memory, nrow(result)))

# Which jobs have failed, of all content items that the key may see, and why: one data frame with
# what Connect says of each and the last that it wrote, and a picture.
#
#     CONNECT_SERVER=https://connect.example.com CONNECT_API_KEY=... \
#       Rscript examples/r/failed_jobs_report.R 7 failed_jobs.png
#
# The number: of how many days (default 7). The picture (default: none): a .png or .pdf file.
library(connectjobs)

last_lines <- 3

# What a server or a log says is not to drive the terminal.
plain <- function(text) encodeString(text, na.encode = FALSE)

# The jobs of all content items at once; an item that cannot be read is said and left out.
all_jobs <- function(client, content) {
  jobs <- cj_jobs_many(client, content)
  unread <- jobs[!is.na(jobs$error_status), ]
  for (i in seq_len(nrow(unread))) {
    message(unread$requested_guid[i], ": ", plain(unread$error[i]))
  }
  jobs <- jobs[is.na(jobs$error_status), ]
  jobs$name <- content$name[match(jobs$requested_guid, content$guid)]
  jobs
}

has_failed <- function(jobs) !jobs$active & !is.na(jobs$exit_code) & jobs$exit_code != 0

# One row: what Connect logged as the error, and the last lines. A log that is gone is no reason to
# stop.
explained <- function(client, guid, key) {
  error <- tryCatch(cj_job_error(client, guid, key), connectjobs_error = function(e) NULL)
  log <- tryCatch(cj_log(client, guid, key)$data, connectjobs_error = conditionMessage)
  data.frame(
    error = if (is.null(error) || nrow(error) == 0) NA else error$summary,
    last_lines = paste(tail(log, last_lines), collapse = "\n")
  )
}

report <- function(client, days) {
  content <- cj_content(client)
  jobs <- all_jobs(client, content)
  recent <- jobs[which(jobs$start_time >= Sys.time() - days * 86400), ]
  failed <- recent[has_failed(recent), ]
  why <- Map(
    function(guid, key) explained(client, guid, key), failed$requested_guid, failed$key
  )
  columns <- c("name", "requested_guid", "key", "tag", "start_time", "end_time", "exit_code")
  # Not of class cj_jobs any more: this is to be printed with all its columns, and written to files.
  rows <- as.data.frame(unclass(failed)[columns])
  rows <- if (length(why)) cbind(rows, do.call(rbind, why), row.names = NULL) else rows
  list(jobs = recent, failed = rows)
}

tell <- function(failed, days) {
  cat(nrow(failed), " jobs have failed in ", days, " days.\n", sep = "")
  for (i in seq_len(nrow(failed))) {
    job <- failed[i, ]
    start <- format(job$start_time, "%F %T")
    cat("\n", plain(job$name), ", ", plain(job$tag), ", ", start, " UTC, exit code ",
        job$exit_code, "\n", sep = "")
    if (!is.na(job$error)) cat("  ", plain(job$error), "\n", sep = "")
    cat(paste0("  | ", plain(strsplit(job$last_lines, "\n")[[1]])), sep = "\n")
  }
}

draw <- function(jobs, file) {
  open <- if (grepl("[.]pdf$", file)) grDevices::pdf else bitmap_device
  open(file)
  on.exit(grDevices::dev.off())
  plot(jobs, main = "Jobs by how they ended", labels = jobs$name)
}

bitmap_device <- function(file) grDevices::png(file, 1000, 600, res = 110)

main <- function(days = "7", file = NULL) {
  found <- report(cj_client(), as.numeric(days))
  tell(found$failed, days)
  if (!is.null(file) && nrow(found$jobs)) draw(found$jobs, file)
}

tryCatch(
  do.call(main, as.list(commandArgs(trailingOnly = TRUE))),
  connectjobs_error = function(condition) {
    message(conditionMessage(condition))
    quit(status = 1)
  }
)

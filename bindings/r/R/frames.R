# What C gives (a list of columns) as data frames.

as_frame <- function(columns, class = character()) {
  rows <- attr(columns, "rows")
  columns <- columns[!vapply(columns, is.null, NA)]
  structure(columns, class = c(class, "data.frame"), row.names = .set_row_names(rows))
}

# A status of the library by its name, as the conditions have it: "NOT_FOUND".
status_names <- function(frame) {
  if (!is.null(frame$error_status)) {
    frame$error_status <- .Call(C_status_names, frame$error_status)
  }
  frame
}

# `active` is TRUE only where the server says so, and never NA: jobs[jobs$active, ] has no surprise.
# `app_guid` is connectapi's older name of `content_guid`; as there, it is the GUID that was asked
# for where the server is too old to say.
jobs_frame <- function(columns, guid = columns$requested_guid) {
  jobs <- as_frame(columns, "cj_jobs")
  jobs$app_guid <- jobs$content_guid
  if (anyNA(jobs$app_guid)) {
    unsaid <- is.na(jobs$app_guid) & (if (is.null(jobs$error_status)) TRUE else is.na(jobs$error))
    jobs$app_guid[unsaid] <- rep_len(guid, nrow(jobs))[unsaid]
  }
  jobs$active <- !is.na(jobs$status) & jobs$status == 0L
  status_names(jobs)
}

# With the exact times, as text, where they were asked for.
log_frame <- function(columns, exact = FALSE) {
  log <- as_frame(columns, "cj_log")
  if (!exact) log$timestamp_exact <- NULL
  log
}

empty_log <- function(exact = FALSE) {
  text <- character()
  columns <- list(
    content_guid = text, job_key = text, source = text,
    timestamp = structure(numeric(), class = c("POSIXct", "POSIXt"), tzone = "UTC"), data = text,
    timestamp_exact = text
  )
  log_frame(structure(columns, rows = 0L), exact)
}

# Types as connectapi has them: job_id is character in its jobs, so it is in these rows too.
kills_frame <- function(columns) {
  kills <- status_names(as_frame(columns))
  kills$code <- as.integer(kills$code)
  kills$app_id <- as.integer(kills$app_id)
  kills$job_id <- ifelse(is.na(kills$job_id), NA_character_, sprintf("%.0f", kills$job_id))
  kills
}

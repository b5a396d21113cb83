# Jobs as a table of what a person looks at.

job_states <- c("active", "finished", "finalized")

state_names <- function(status) {
  names <- job_states[match(status, seq_along(job_states) - 1L)]
  ifelse(is.na(names), as.character(status), names)
}

# "1h 02m", "3m 20s", "4.2s"
duration <- function(seconds) {
  whole <- round(seconds)
  text <- ifelse(
    seconds < 60, sprintf("%.1fs", seconds),
    ifelse(
      whole < 3600, sprintf("%.0fm %02.0fs", whole %/% 60, whole %% 60),
      sprintf("%.0fh %02.0fm", whole %/% 3600, whole %% 3600 %/% 60)
    )
  )
  ifelse(is.na(seconds) | seconds < 0, "", text)
}

# Seconds from start to end, or until now.
job_seconds <- function(jobs) {
  end <- jobs$end_time
  end[is.na(end) & jobs$active] <- Sys.time()
  as.numeric(end) - as.numeric(jobs$start_time)
}

# With the year only where it is not this one.
day_and_time <- function(times) {
  this_year <- format(times, "%Y") == format(Sys.time(), "%Y", tz = "UTC")
  format(times, if (all(this_year, na.rm = TRUE)) "%m-%d %T" else "%F %T")
}

# The columns that a person looks at, in 80 characters; the rest is in the data frame.
overview <- function(jobs) {
  table <- data.frame(
    key = jobs$key, tag = jobs$tag, status = state_names(jobs$status),
    exit = as.character(jobs$exit_code), start = day_and_time(jobs$start_time),
    duration = duration(job_seconds(jobs)), stringsAsFactors = FALSE
  )
  if (has_columns(jobs, "requested_guid", "error")) {
    # Eight digits tell content items apart well enough; what is no GUID is shown whole.
    guid <- sub("^([0-9a-f]{8})-[0-9a-f-]{27}$", "\\1", jobs$requested_guid)
    table <- cbind(content = guid, table, stringsAsFactors = FALSE)
    if (!all(is.na(jobs$error))) table$error <- jobs$error
  }
  table
}

overview_columns <- c(
  "key", "tag", "status", "exit_code", "start_time", "end_time", "active"
)

format.cj_jobs <- function(x, n = 20, ...) {
  if (!has_columns(x, overview_columns)) {
    return(NextMethod())
  }
  n <- check_rows(n)
  unit <- if (nrow(x) == 1L) " job, " else " jobs, "
  head <- paste0("<", grouped(nrow(x)), unit, grouped(sum(x$active)), " active>")
  shown <- x[seq_len(min(nrow(x), n)), ]
  more <- paste0("... ", grouped(nrow(x) - nrow(shown)), " more: print(jobs, n = Inf) shows all")
  c(head, if (nrow(shown)) table_lines(overview(shown)), if (nrow(x) > n) more)
}

print.cj_jobs <- function(x, n = 20, ...) {
  if (!has_columns(x, overview_columns)) {
    return(NextMethod())
  }
  writeLines(format(x, n = n))
  invisible(x)
}

# A row a tag.
summary.cj_jobs <- function(object, ...) {
  if (!has_columns(object, overview_columns)) {
    return(NextMethod())
  }
  # What is no job but says that a content item could not be asked.
  if (has_columns(object, "error_status")) object <- object[is.na(object$error_status), ]
  tag <- ifelse(is.na(object$tag), "", object$tag)
  seconds <- job_seconds(object)
  kinds <- unique(tag[order(tag)])
  outcomes <- factor(outcome(object), names(outcome_colours))
  counts <- matrix(table(factor(tag, kinds), outcomes), ncol = nlevels(outcomes))
  middle <- vapply(split(seconds, factor(tag, kinds)), stats::median, 0, na.rm = TRUE)
  colnames(counts) <- levels(outcomes)
  structure(
    data.frame(
      tag = kinds, jobs = rowSums(counts), counts, median_seconds = unname(middle),
      stringsAsFactors = FALSE
    ),
    class = c("summary.cj_jobs", "data.frame")
  )
}

print.summary.cj_jobs <- function(x, n = 20, ...) {
  n <- check_rows(n)
  shown <- x[seq_len(min(nrow(x), n)), ]
  numbers <- vapply(shown, is.numeric, NA) & names(shown) != "median_seconds"
  shown[numbers] <- lapply(shown[numbers], grouped)
  shown$median_seconds <- duration(shown$median_seconds)
  names(shown)[names(shown) == "median_seconds"] <- "median"
  writeLines(if (nrow(shown)) table_lines(unclass(shown)) else "<no jobs>")
  if (nrow(x) > n) writeLines(paste("...", grouped(nrow(x) - n), "more tags"))
  invisible(x)
}

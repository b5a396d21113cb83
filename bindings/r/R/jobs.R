cj_content <- function(client, name = NULL) {
  pointer <- check_client(client)
  name <- check_string_or_null(name, "name")
  as_frame(native(.Call(C_content_list, pointer, name)))
}

cj_jobs <- function(client, guid) {
  pointer <- check_client(client)
  guid <- check_guid(guid)
  jobs_frame(native(.Call(C_jobs_list, pointer, guid)), guid)
}

cj_jobs_many <- function(client, guids, max_concurrent = 16) {
  pointer <- check_client(client)
  guids <- check_guids(guids)
  most <- check_number(max_concurrent, "max_concurrent", "a number, 1 or more", 1)
  jobs_frame(native(.Call(C_jobs_list_many, pointer, guids, min(most, 10000))))
}

cj_job <- function(client, guid, key) {
  pointer <- check_client(client)
  guid <- check_guid(guid)
  key <- check_key(key)
  jobs_frame(native(.Call(C_job_get, pointer, guid, key)), guid)
}

cj_log <- function(client, guid, key, max_log_lines = NULL, exact = FALSE) {
  pointer <- check_client(client)
  guid <- check_guid(guid)
  key <- check_key(key)
  lines <- check_limit(max_log_lines, "max_log_lines")
  if (lines < 0) argument_error("`max_log_lines` must be a finite number, or NULL.")
  exact <- check_flag(exact, "exact")
  log <- log_frame(native(.Call(C_job_log, pointer, guid, key, lines)), exact)
  pass_hooks(log, client$hooks)
}

cj_download <- function(client, guid, key, path, overwrite = FALSE) {
  pointer <- check_client(client)
  guid <- check_guid(guid)
  key <- check_key(key)
  path <- path.expand(check_string(path, "path", "the path of one file"))
  overwrite <- check_flag(overwrite, "overwrite")
  native(.Call(C_job_download, pointer, guid, key, path, overwrite))
  invisible(path)
}

cj_job_error <- function(client, guid, key) {
  pointer <- check_client(client)
  guid <- check_guid(guid)
  key <- check_key(key)
  as_frame(native(.Call(C_job_error, pointer, guid, key)))
}

# How long the library shall wait until the jobs have ended, in ms; 0: not at all.
confirm_ms <- function(wait, timeout) {
  timeout <- check_seconds(timeout, "timeout", endless = longest_wait * 1000)
  if (check_flag(wait, "wait")) max(1, timeout) else 0
}

cj_kill <- function(client, guid, keys, wait = FALSE, timeout = Inf) {
  pointer <- check_client(client)
  guid <- check_guid(guid)
  keys <- check_strings(keys, "keys", "a character vector of job keys")
  confirm <- confirm_ms(wait, timeout)
  kills_frame(native(.Call(C_job_kill, pointer, guid, keys, confirm)))
}

cj_kill_active <- function(client, guid, wait = FALSE, timeout = Inf, include_self = FALSE) {
  pointer <- check_client(client)
  guid <- check_guid(guid)
  confirm <- confirm_ms(wait, timeout)
  own <- if (!check_flag(include_self, "include_self")) own_job(guid)
  if (is.null(own)) {
    return(kills_frame(native(.Call(C_job_kill_active, pointer, guid, confirm))))
  }
  jobs <- cj_jobs(client, guid)
  others <- jobs$key[which(jobs$active & jobs$key != own)]
  kills_frame(native(.Call(C_job_kill, pointer, guid, others, confirm)))
}

# The key of the job that R runs in, where that is one of this content item's: Connect says so in
# these two variables.
own_job <- function(guid) {
  key <- Sys.getenv("CONNECT_CONTENT_JOB_KEY")
  if (nzchar(key) && tolower(guid) == tolower(Sys.getenv("CONNECT_CONTENT_GUID"))) key
}

cj_wait <- function(client, guid, key, until = c("finished", "finalized"), timeout = Inf) {
  pointer <- check_client(client)
  guid <- check_guid(guid)
  key <- check_key(key)
  until <- tryCatch(match.arg(until), error = function(condition) {
    argument_error("`until` must be \"finished\" or \"finalized\".")
  })
  state <- match(until, c("finished", "finalized"))
  limit <- check_seconds(timeout, "timeout", endless = -1)
  job <- native(.Call(C_job_wait, pointer, guid, key, state, limit))
  if (is.integer(job)) {
    stop(new_condition(list(
      status = "TIMED_OUT", http_status = NA_integer_, code = NA_real_, operation = "job_wait",
      url = NA_character_, retryable = TRUE, message = paste0(
        "The job ", key, " was not ", until, " within ", format(timeout),
        " s. It runs on: wait longer, or look at it with cj_job()."
      )
    )))
  }
  jobs_frame(job, guid)
}

# Failures of the library as R conditions. They are signalled here, when C has freed everything.

# `failure`: a list of status, http_status, code, operation, url, retryable and message. No call in
# it: that would show the API key where cj_client(api_key = "...") was the call.
new_condition <- function(failure) {
  class <- c(
    paste0("connectjobs_", tolower(failure$status)), "connectjobs_error", "error", "condition"
  )
  structure(c(unclass(failure), list(call = NULL)), class = class)
}

# Makes a call of the shim's, and gives what it gives; a failure becomes an R error.
native <- function(call) {
  result <- if (interactive()) call else outside_library(call)
  for (note in .Call(C_notes)) warning(note, call. = FALSE)
  if (inherits(result, "cj_failure")) stop(new_condition(result))
  result
}

# Rscript ends the process where an interrupt or an error is raised that nobody catches. In the
# interrupt callback that would be below the library, which could not clean up (a download would
# leave its unfinished file). So it is caught, and raised again when the library has returned.
outside_library <- function(call) {
  tryCatch(call, interrupt = function(condition) .Call(C_interrupt), error = stop)
}

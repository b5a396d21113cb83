# Finding libconnectjobs. It is opened when it is first needed, not when the package is loaded.

library_file <- "libconnectjobs.so"

# Where to look: what CONNECTJOBS_LIBRARY names, and only that, since it was asked for; otherwise
# the package's own copy, then wherever the system's loader looks.
library_candidates <- function() {
  named <- Sys.getenv("CONNECTJOBS_LIBRARY")
  if (nzchar(named)) {
    return(path.expand(named))
  }
  folders <- c(system.file("libs", package = "connectjobs"), .Platform$r_arch)
  c(do.call(file.path, as.list(c(folders[nzchar(folders)], library_file))), library_file)
}

load_library <- function() {
  if (!is.null(.Call(C_library))) {
    return(invisible())
  }
  tried <- character()
  for (path in library_candidates()) {
    reason <- .Call(C_load, path)
    if (is.null(reason)) {
      return(invisible())
    }
    # The loader's own messages begin with the path.
    reason <- sub(paste0(path, ": "), "", reason, fixed = TRUE)
    tried <- c(tried, paste0("  ", path, ": ", reason))
  }
  stop(new_condition(list(
    status = "CONFIGURATION", http_status = NA_integer_, code = NA_real_, operation = "load",
    url = NA_character_, retryable = FALSE, message = paste0(
      "The library libconnectjobs cannot be used. Tried:\n", paste(tried, collapse = "\n"),
      "\nSet CONNECTJOBS_LIBRARY to the path of a libconnectjobs.so that fits this package."
    )
  )))
}

cj_library <- function() {
  load_library()
  .Call(C_library)
}

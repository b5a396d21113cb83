# Works the example app as a browser would: chooses a job, sees its lines come, and leaves. The
# server's address and the key are in CONNECT_SERVER and CONNECT_API_KEY.
source("examples/r/live_log_app.R")
shiny::testServer(server, {
  content <- cj_content(client, "ticker-app")$guid
  session$setInputs(content = content)
  session$setInputs(job = cj_jobs(client, content)$key[1])
  end <- Sys.time() + 20
  while (Sys.time() < end && length(lines()) < 3) later::run_now(0.3)
  stopifnot(any(grepl("stdout tick", lines())))
  session$close()
  later::run_now(1)
  stopifnot(later::loop_empty(), inherits(try(cj_content(client), silent = TRUE), "try-error"))
})
cat("a live log\n")

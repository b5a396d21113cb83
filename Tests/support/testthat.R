# Runs the R package's tests from its tests folder and says how many passed: N passed, N failed.
# A skipped test is named and counts as a failure: on this machine nothing may be missing.
library(testthat)
library(connectjobs)
results <- as.data.frame(test_dir("testthat", reporter = "summary", stop_on_failure = FALSE,
                                  load_package = "installed", package = "connectjobs"))
bad <- results$failed > 0 | results$error | results$skipped
for (name in results$test[results$skipped]) cat("skipped:", name, "\n")
cat(sprintf("%d passed, %d failed\n", sum(!bad), sum(bad)))
quit(status = if (any(bad)) 1 else 0)

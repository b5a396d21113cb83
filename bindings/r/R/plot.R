# Jobs as bars over time, the earliest at the top, coloured by how they ended.

outcome_colours <- c(active = "#2c7fb8", ended = "#7fb069", failed = "#d1495b", unknown = "#9a9a9a")

outcome <- function(jobs) {
  failed <- !is.na(jobs$exit_code) & jobs$exit_code != 0L
  ended <- !is.na(jobs$exit_code) & jobs$exit_code == 0L
  ifelse(jobs$active, "active", ifelse(failed, "failed", ifelse(ended, "ended", "unknown")))
}

plot.cj_jobs <- function(x, main = "Jobs", xlab = "", ...) {
  jobs <- x[!is.na(x$start_time), ]
  if (nrow(jobs) == 0L) {
    argument_error("`x` has no job with a start time: there is nothing to plot.")
  }
  jobs <- jobs[order(jobs$start_time, decreasing = TRUE), ]
  end <- jobs$end_time
  # An active job lasts until now; one that ended nobody knows when is a mark at its start.
  end[is.na(end) & jobs$active] <- Sys.time()
  end[is.na(end)] <- jobs$start_time[is.na(end)]
  colours <- outcome_colours[outcome(jobs)]
  rows <- seq_len(nrow(jobs))

  margins <- graphics::par(mar = c(3, 9, 3, 1))
  on.exit(graphics::par(margins))
  graphics::plot(
    range(jobs$start_time, end), c(0.5, nrow(jobs) + 0.5),
    type = "n", yaxt = "n", xlab = xlab, ylab = "", main = main, ...
  )
  graphics::rect(jobs$start_time, rows - 0.35, end, rows + 0.35, col = colours, border = colours)
  labels <- neutral(ifelse(is.na(jobs$tag), jobs$key, jobs$tag))
  graphics::axis(2, at = rows, labels = labels, las = 1, tick = FALSE, cex.axis = 0.8)
  graphics::legend(
    "bottomright",
    legend = names(outcome_colours), fill = outcome_colours, border = NA, bty = "n", cex = 0.8
  )
  invisible(x)
}

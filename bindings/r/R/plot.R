# Jobs as bars over time, the earliest at the top, coloured by how they ended.

outcome_colours <- c(active = "#2c7fb8", ended = "#7fb069", failed = "#d1495b", unknown = "#9a9a9a")

# An exit code says how a job ended; without one, and not active, nobody knows.
outcome <- function(jobs) {
  failed <- !is.na(jobs$exit_code) & jobs$exit_code != 0L
  ended <- !is.na(jobs$exit_code) & jobs$exit_code == 0L
  ifelse(jobs$active, "active", ifelse(failed, "failed", ifelse(ended, "ended", "unknown")))
}

# How many jobs can be named beside their bars, and how long such a name may be.
most_labels <- 40L
longest_label <- 28L

# So that one job is no wall.
least_rows <- 6L
least_seconds <- 10

plot.cj_jobs <- function(x, main = "Jobs", xlab = NULL, labels = NULL, ...) {
  need_columns(x, c("start_time", "end_time", "exit_code", "active"))
  shown <- which(!is.na(x$start_time))
  if (!length(shown)) {
    argument_error("`x` has no job with a start time: there is nothing to plot.")
  }
  labels <- bar_labels(x, labels)
  shown <- shown[order(x$start_time[shown], decreasing = TRUE)]
  bars <- job_bars(x[shown, ])
  labels <- if (length(shown) <= most_labels) labels[shown]

  old <- graphics::par(mar = margins(labels))
  on.exit(graphics::par(old))
  times <- range(bars$start, bars$end)
  times[2L] <- max(times[2L], times[1L] + least_seconds)
  graphics::plot(
    times, length(shown) + 0.5 - c(max(length(shown), least_rows), 0),
    type = "n", axes = FALSE, yaxs = "i", xlab = "", ylab = "", ...
  )
  draw_axis(times, xlab)
  draw_bars(bars)
  if (is.null(labels)) {
    graphics::mtext(paste(grouped(length(shown)), "jobs"), side = 2, line = 1)
  } else {
    graphics::axis(2, seq_along(shown), labels, las = 1, tick = FALSE, cex.axis = 0.8, line = -0.5)
  }
  graphics::title(main, line = 2.2)
  draw_legend(bars$outcome)
  invisible(x)
}

# The clock, with the day where there is more than one, which is else told below.
draw_axis <- function(times, xlab) {
  at <- pretty(times, 6)
  at <- at[at >= times[1L] & at <= times[2L]]
  days <- unique(format(times, "%F"))
  seconds <- diff(as.numeric(times))
  clock <- if (seconds < 600) "%H:%M:%S" else "%H:%M"
  day <- if (seconds < 300 * 86400) "%m-%d" else "%F"
  pattern <- if (length(days) == 1L) clock else if (seconds < 3 * 86400) paste(day, clock) else day
  graphics::abline(v = at, col = "#e6e6e6")
  graphics::axis(1, at, format(at, pattern))
  if (is.null(xlab)) xlab <- paste(paste(days, collapse = " to "), "(UTC)")
  graphics::title(xlab = xlab, line = 2.5)
}

need_columns <- function(x, names) {
  missing <- setdiff(names, names(x))
  if (length(missing)) {
    argument_error("`x` has no column ", paste0("`", missing, "`", collapse = ", "), ".")
  }
}

# What stands beside the bars: the tags, or the keys, or what was asked for.
bar_labels <- function(jobs, labels) {
  if (is.null(labels)) {
    labels <- jobs$tag
    if (is.null(labels)) labels <- rep_len(NA_character_, nrow(jobs))
    if (!is.null(jobs$key)) labels[is.na(labels)] <- jobs$key[is.na(labels)]
  } else if (length(labels) != nrow(jobs)) {
    argument_error("`labels` must have a value for each job, but it has ", length(labels), ".")
  }
  labels <- neutral(as.character(labels))
  long <- nchar(labels) > longest_label
  labels[long] <- paste0(substr(labels[long], 1L, longest_label - 1L), "~")
  labels
}

# An active job lasts until now; one that ended nobody knows when is a mark at its start.
job_bars <- function(jobs) {
  end <- jobs$end_time
  end[is.na(end) & jobs$active] <- Sys.time()
  end[is.na(end)] <- jobs$start_time[is.na(end)]
  list(start = jobs$start_time, end = end, outcome = outcome(jobs))
}

# Room for the labels at the left, and for the legend below the title.
margins <- function(labels) {
  width <- if (is.null(labels)) 0 else max(graphics::strwidth(labels, "inches", cex = 0.8))
  lines <- width / (graphics::par("mai")[1L] / graphics::par("mar")[1L])
  c(4, max(2.5, lines + 1.5), 4, 1)
}

draw_bars <- function(bars) {
  rows <- seq_along(bars$start)
  # A job that was short is a bar that can be seen.
  least <- diff(graphics::par("usr")[1:2]) / 400
  start <- as.numeric(bars$start)
  end <- pmax(as.numeric(bars$end), start + least)
  colours <- outcome_colours[bars$outcome]
  graphics::rect(start, rows - 0.36, end, rows + 0.36, col = colours, border = colours)
  graphics::box(col = "#9a9a9a")
}

# Between the title and the bars.
draw_legend <- function(outcomes) {
  seen <- names(outcome_colours) %in% outcomes
  edges <- graphics::par("usr")
  line <- graphics::par("cin")[2L] * diff(edges[3:4]) / graphics::par("pin")[2L]
  graphics::legend(
    mean(edges[1:2]), edges[4L] + 0.9 * line, names(outcome_colours)[seen],
    fill = outcome_colours[seen], border = NA, bty = "n", horiz = TRUE, xpd = NA, cex = 0.9,
    xjust = 0.5, yjust = 0.5
  )
}

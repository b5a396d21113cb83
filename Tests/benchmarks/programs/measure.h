/* What every measured program says of itself: one line of JSON. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static inline double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The most memory that the process has had, in bytes. */
static inline long peak_memory(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024L;
}

static inline void report(double seconds, long memory, long rows) {
  printf("{\"seconds\": %.6f, \"memory\": %ld, \"rows\": %ld}\n", seconds, memory, rows);
}

#endif /* MEASURE_H */

/* Follows many jobs of one content item on one thread, and says what it costs.
 *
 * usage: follow_many ADDRESS KEY GUID LOCK CA_FILE SECONDS < jobs' keys, one a line
 *
 * Each job writes 20 lines, waits for the lock that this program holds, and writes 20 more. While
 * all are silent, memory and processor time are measured; then the lock is let go. */
#include <connectjobs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 4096, EARLY = 20, ALL = 40 };

static char names[MOST][257];
static const char *keys[MOST], *guids[MOST];
static int lines[MOST], jobs;
static cjobs_error *error;

static void check(cjobs_status status) {
  if (status >= 0) return;
  fprintf(stderr, "%s\n", cjobs_error_message(error));
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double processor_time(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

static long memory(void) {
  long size = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%ld %ld", &size, &resident) != 2) exit(1);
  fclose(file);
  return resident * sysconf(_SC_PAGESIZE);
}

/* A batch is of one job. */
static void count(const cjobs_table *batch) {
  const char *key = NULL;
  int64_t length = 0;
  check(cjobs_table_text(batch, cjobs_table_index(batch, "job_key"), 0, &key, &length, &error));
  for (int job = 0; job < jobs; job++) {
    if ((int64_t)strlen(keys[job]) != length || memcmp(keys[job], key, (size_t)length) != 0)
      continue;
    lines[job] += (int)cjobs_table_rows(batch);
    return;
  }
  exit(1);
}

/* Follows until every job has so many lines, or for so long; whether it has ended. */
static int follow(cjobs_tail *tail, int wanted, double seconds) {
  double end = now() + seconds;
  for (;;) {
    int least = ALL;
    for (int job = 0; job < jobs; job++) least = lines[job] < least ? lines[job] : least;
    double left = end - now();
    if (least >= wanted || left <= 0) return 0;
    cjobs_table *batch = NULL;
    cjobs_status status = cjobs_tail_next(tail, (int64_t)(left * 1000) + 1, &batch, &error);
    check(status);
    if (status == CJOBS_DONE) return 1;
    if (status == CJOBS_OK) count(batch);
    cjobs_table_free(batch);
  }
}

static cjobs_tail *open_tail(cjobs_client *client, int n) {
  cjobs_tail *tail = NULL;
  check(cjobs_tail_open(client, guids, keys, (size_t)n, NULL, NULL, &tail, &error));
  return tail;
}

static int flags(cjobs_tail *tail) {
  cjobs_table *summary = NULL;
  int found = 0;
  check(cjobs_tail_summary(tail, &summary, &error));
  for (int64_t row = 0; row < cjobs_table_rows(summary); row++) {
    int64_t gap = 1, repeat = 1;
    check(cjobs_table_int(summary, cjobs_table_index(summary, "gap_possible"), row, &gap, NULL,
                          &error));
    check(cjobs_table_int(summary, cjobs_table_index(summary, "repeat_possible"), row, &repeat,
                          NULL, &error));
    found += gap || repeat;
  }
  cjobs_table_free(summary);
  return found;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  while (jobs < MOST && scanf("%256s", names[jobs]) == 1) {
    keys[jobs] = names[jobs];
    guids[jobs++] = argv[3];
  }
  double silence = atof(argv[5]);
  cjobs_client_options options = CJOBS_CLIENT_OPTIONS_INIT;
  options.server = argv[1];
  options.api_key = argv[2];
  options.ca_file = *argv[4] ? argv[4] : NULL;
  options.proxy = "";
  cjobs_client *client = NULL;
  check(cjobs_client_open(&options, &client, &error));

  /* What the first follow of a process needs is not counted for the others. */
  int all = jobs;
  jobs = 1;
  cjobs_tail *tail = open_tail(client, 1);
  follow(tail, EARLY, 60);
  cjobs_tail_close(tail);
  jobs = all;
  lines[0] = 0;

  long before = memory();
  double start = now();
  tail = open_tail(client, jobs);
  follow(tail, EARLY, 300);
  double joined = now() - start;
  follow(tail, ALL, 3);
  long grown = memory() - before;
  double used = processor_time();
  follow(tail, ALL, silence);
  used = processor_time() - used;
  puts("measured");
  fflush(stdout);
  int ended = follow(tail, ALL + 1, 300), whole = 0, flagged = flags(tail);
  for (int job = 0; job < jobs; job++) whole += lines[job] == ALL;
  printf(
      "{\"jobs\": %d, \"whole\": %d, \"ended\": %d, \"flagged\": %d, \"joined_seconds\": %.2f, "
      "\"bytes_each\": %ld, \"idle_share\": %.4f}\n",
      jobs, whole, ended, flagged, joined, grown / jobs, used / silence);
  cjobs_tail_close(tail);
  cjobs_client_close(client);
  return 0;
}

/* Many threads on one client; one tail, one thread at a time; tables read by all. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

enum { thread_count = 32, rounds = 40 };

static cjobs_client *client;
static atomic_int wrong;

static void expect(int holds) {
  if (!holds) atomic_fetch_add(&wrong, 1);
}

/* Reads, refusals, cuts and orders, in another sequence on each thread. */
static void *mix(void *data) {
  int number = *(int *)data;
  for (int round = 0; round < rounds; round++) {
    cjobs_table *table = NULL;
    cjobs_error *error = NULL;
    const char *key = "k1";
    switch ((number + round) % 6) {
      case 0:
        expect(cjobs_jobs_list(client, "fine", NULL, &table, &error) == CJOBS_OK);
        expect(cjobs_table_rows(table) == 2);
        break;
      case 1:
        expect(cjobs_job_log(client, "fine", key, 0, NULL, &table, &error) == CJOBS_OK);
        expect(cjobs_table_rows(table) == 3);
        break;
      case 2:
        expect(cjobs_job_get(client, "error.404.4", key, NULL, &table, &error) ==
               CJOBS_E_NOT_FOUND);
        expect(strstr(cjobs_error_message(error), "Connect's words") != NULL);
        break;
      case 3:
        expect(cjobs_job_kill(client, "kill", &key, 1, 0, NULL, &table, &error) == CJOBS_OK);
        break;
      case 4:
        expect(cjobs_jobs_list(client, "cut.length", NULL, &table, &error) == CJOBS_E_NETWORK);
        break;
      default:
        expect(cjobs_jobs_list(client, "many-jobs.500", NULL, &table, &error) == CJOBS_OK);
        expect(cjobs_table_rows(table) == 500);
    }
    cjobs_table_free(table);
    cjobs_error_free(error);
  }
  return NULL;
}

static void one_client(void) {
  pthread_t threads[thread_count];
  int numbers[thread_count];
  for (int at = 0; at < thread_count; at++) {
    numbers[at] = at;
    pthread_create(&threads[at], NULL, mix, &numbers[at]);
  }
  for (int at = 0; at < thread_count; at++) pthread_join(threads[at], NULL);
  check_int(wrong, 0, "%d threads, %d calls each, on one client", thread_count, rounds);
}

static void *open_and_close(void *data) {
  (void)data;
  for (int round = 0; round < 20; round++) {
    cjobs_client_options options = plain_options();
    cjobs_client *own = NULL;
    cjobs_table *table = NULL;
    options.log = NULL;
    expect(cjobs_client_open(&options, &own, NULL) == CJOBS_OK);
    expect(cjobs_jobs_list(own, "fine", NULL, &table, NULL) == CJOBS_OK);
    cjobs_client_close(own);
    expect(cjobs_table_rows(table) == 2);
    cjobs_table_free(table);
  }
  return NULL;
}

static void own_clients(void) {
  pthread_t threads[8];
  for (int at = 0; at < 8; at++) pthread_create(&threads[at], NULL, open_and_close, NULL);
  for (int at = 0; at < 8; at++) pthread_join(threads[at], NULL);
  check_int(wrong, 0, "8 threads open and close clients");
}

static void *next_on_it(void *data) {
  cjobs_table *table = NULL;
  cjobs_status got = cjobs_tail_next(data, 3000, &table, NULL);
  expect(got == CJOBS_OK || got == CJOBS_TIMEOUT || got == CJOBS_E_CANCELLED);
  cjobs_table_free(table);
  got = cjobs_tail_next(data, 3000, &table, NULL);
  expect(got == CJOBS_TIMEOUT || got == CJOBS_E_CANCELLED);
  return NULL;
}

static void a_tail_is_busy(void) {
  const char *guid = "tail.lines.1.0.wait", *key = "k1";
  cjobs_tail *tail = NULL;
  cjobs_table *table = NULL;
  cjobs_error *error = NULL;
  pthread_t thread;
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, &error), &error, "a tail");
  pthread_create(&thread, NULL, next_on_it, tail);
  sleep_ms(400);
  check_fails(cjobs_tail_next(tail, 0, &table, &error), CJOBS_E_BUSY, &error,
              "a second thread is told that the tail is busy");
  check_fails(cjobs_tail_summary(tail, &table, &error), CJOBS_E_BUSY, &error,
              "also when it asks for the summary");
  int64_t start = now_ms();
  cjobs_tail_cancel(tail);
  pthread_join(thread, NULL);
  check(now_ms() - start < 2000, "but it may cancel: %d ms", (int)(now_ms() - start));
  check_int(wrong, 0, "the first thread was not disturbed");
  cjobs_tail_close(tail);
}

static void *read_all(void *data) {
  const cjobs_table *table = data;
  for (int64_t row = 0; row < cjobs_table_rows(table); row++) {
    const char *text = NULL;
    int64_t length = 0, number = 0;
    expect(cjobs_table_text(table, 3, row, &text, &length, NULL) == CJOBS_OK);
    expect(length >= 2 && text[0] == 'k');
    expect(cjobs_table_int(table, cjobs_table_index(table, "exit_code"), row, &number, NULL,
                           NULL) == CJOBS_OK);
    expect(number == row);
    cjobs_table *slice = NULL;
    expect(cjobs_table_slice(table, row, 1, &slice, NULL) == CJOBS_OK);
    cjobs_table_free(slice);
  }
  return NULL;
}

static void one_table(void) {
  cjobs_table *table = list_works(client, "many-jobs.1000", "a table for all");
  pthread_t threads[8];
  for (int at = 0; at < 8; at++) pthread_create(&threads[at], NULL, read_all, table);
  for (int at = 0; at < 8; at++) pthread_join(threads[at], NULL);
  check_int(wrong, 0, "8 threads read one table");
  cjobs_table_free(table);
}

int main(void) {
  cjobs_client_options options = plain_options();
  options.log = NULL;
  client = open_client(&options);
  one_client();
  own_clients();
  a_tail_is_busy();
  one_table();
  check_usable(client, "the threads");
  cjobs_client_close(client);
  return finish_checks();
}

/* Downloads: whole, in order, into functions and files; a file is there whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

static cjobs_error *error;
static char folder[512];

/* What the host's functions have seen, and what they shall answer. */
static struct {
  int64_t bytes, calls, told, total;
  int write_answer, progress_answer;
  char first[64];
} seen;

static int take(const void *bytes, size_t length, void *user_data) {
  check(user_data == (void *)&seen || seen.calls > 0, "user_data comes along");
  if (seen.bytes == 0) snprintf(seen.first, sizeof seen.first, "%.*s", 15, (const char *)bytes);
  seen.bytes += (int64_t)length;
  seen.calls++;
  return seen.write_answer;
}

static int watch(int64_t received, int64_t total, void *user_data) {
  (void)user_data;
  if (received < seen.told) check(0, "progress does not go back");
  seen.told = received;
  seen.total = total;
  return seen.progress_answer;
}

static void into_a_function(cjobs_client *client) {
  memset(&seen, 0, sizeof seen);
  check_ok(
      cjobs_job_download(client, "download.2048", "k1", NULL, take, watch, &seen, NULL, &error),
      &error, "a download of 2 MiB");
  check_int(seen.bytes, 2 << 20, "every byte");
  check_int(seen.told, 2 << 20, "progress to the end");
  check_int(seen.total, 2 << 20, "of the announced length");
  check_text(seen.first, "0123456789abcde", "the first line");
  memset(&seen, 0, sizeof seen);
  check_ok(
      cjobs_job_download(client, "download-empty", "k1", NULL, take, watch, &seen, NULL, &error),
      &error, "an empty log");
  check_int(seen.bytes, 0, "no byte");
  memset(&seen, 0, sizeof seen);
  seen.write_answer = 7;
  check_fails(
      cjobs_job_download(client, "download-endless", "k1", NULL, take, watch, &seen, NULL, &error),
      CJOBS_E_CALLBACK, &error, "write_fn ends it");
  check_int(seen.calls, 1, "it is not called again");
  memset(&seen, 0, sizeof seen);
  seen.progress_answer = 1;
  check_fails(
      cjobs_job_download(client, "download-endless", "k1", NULL, take, watch, &seen, NULL, &error),
      CJOBS_E_CANCELLED, &error, "progress_fn ends it");
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  call.max_response_bytes = 1 << 20;
  memset(&seen, 0, sizeof seen);
  check_fails(
      cjobs_job_download(client, "download-endless", "k1", NULL, take, NULL, &seen, &call, &error),
      CJOBS_E_TOO_LARGE, &error, "the call's limit");
  check(seen.bytes <= 1 << 20, "no more bytes than allowed");
}

/* Nothing is repeated to a function: it cannot take back what it got. */
static void cut_into_a_function(void) {
  static const char *const guids[] = {"download-cut.length", "download-cut.chunk"};
  cjobs_client_options options = plain_options();
  options.max_retries = 3;
  cjobs_client *client = open_client(&options);
  for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
    const char *guid = marked(guids[at]);
    memset(&seen, 0, sizeof seen);
    check_fails(cjobs_job_download(client, guid, "k1", NULL, take, NULL, &seen, NULL, &error),
                CJOBS_E_NETWORK, &error, "%s", guids[at]);
    check_int(count_requests(guid, "GET"), 1, "a download that has begun is not retried");
  }
  cjobs_client_close(client);
}

static const char *in_folder(const char *name) {
  static char paths[4][1024];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static int64_t size_of(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 ? (int64_t)info.st_size : -1;
}

static int files(void) {
  int count = 0;
  DIR *open = opendir(folder);
  while (open != NULL && readdir(open) != NULL) count++;
  if (open != NULL) closedir(open);
  return count - 2;
}

static cjobs_status fetch_to(cjobs_client *client, const char *guid, const char *path,
                             uint32_t flags) {
  return cjobs_job_download_file(client, guid, "k1", path, flags, NULL, NULL, NULL, &error);
}

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  fputs(text, file);
  fclose(file);
}

static void into_a_file(cjobs_client *client) {
  const char *path = in_folder("a b.log");
  check_ok(fetch_to(client, "download.100", path, 0), &error, "a file");
  check_int(size_of(path), 100 << 10, "it is whole");
  check_fails(fetch_to(client, "download.1", path, 0), CJOBS_E_IO, &error, "a file that is there");
  check_int(size_of(path), 100 << 10, "it is as it was");
  check_ok(fetch_to(client, "download.1", path, CJOBS_DOWNLOAD_OVERWRITE), &error, "overwriting");
  check_int(size_of(path), 1 << 10, "the new file is there");
  check_int(files(), 1, "and nothing else");
  unlink(path);
  check_ok(fetch_to(client, "download-empty", path, 0), &error, "an empty log");
  check_int(size_of(path), 0, "an empty file");
  unlink(path);
}

static void where_no_file_can_be(cjobs_client *client) {
  const char *sub = in_folder("sub");
  mkdir(sub, 0755);
  const char *const targets[] = {sub, in_folder("sub/"), in_folder("absent/x"), "/", "."};
  for (size_t at = 0; at < sizeof targets / sizeof targets[0]; at++) {
    const char *guid = marked("download.1");
    check_fails(fetch_to(client, guid, targets[at], CJOBS_DOWNLOAD_OVERWRITE), CJOBS_E_IO, &error,
                "target %zu", at);
    check_int(count_requests(guid, ""), 0, "target %zu: nothing is sent", at);
  }
  check_int(files(), 1, "nothing was made");
  if (geteuid() != 0) {
    chmod(sub, 0555);
    check_fails(fetch_to(client, "download.1", in_folder("sub/x"), 0), CJOBS_E_IO, &error,
                "a folder that cannot be written");
    chmod(sub, 0755);
  } else {
    /* root may write anywhere but where nobody can. */
    check_fails(fetch_to(client, "download.1", "/proc/x", 0), CJOBS_E_IO, &error,
                "a folder that cannot be written");
  }
  rmdir(sub);
}

/* Whatever is no plain file stays: replacing a pipe, a device or a folder is not overwriting. */
static void special_files(cjobs_client *client) {
  const char *pipe = in_folder("pipe"), *link = in_folder("link"), *target = in_folder("target");
  struct stat info;
  check(mkfifo(pipe, 0600) == 0, "a pipe");
  check_fails(fetch_to(client, "download.1", pipe, CJOBS_DOWNLOAD_OVERWRITE), CJOBS_E_IO, &error,
              "over a pipe");
  check(stat(pipe, &info) == 0 && S_ISFIFO(info.st_mode), "it is a pipe still");
  unlink(pipe);
  static const char *const ends[] = {"/dev/null", "/tmp"};
  for (size_t at = 0; at < sizeof ends / sizeof ends[0]; at++) {
    check(symlink(ends[at], link) == 0, "a link to %s", ends[at]);
    check_fails(fetch_to(client, "download.1", link, CJOBS_DOWNLOAD_OVERWRITE), CJOBS_E_IO, &error,
                "over a link to %s", ends[at]);
    check(lstat(link, &info) == 0 && S_ISLNK(info.st_mode), "it is a link still");
    unlink(link);
  }
  write_file(target, "old");
  check(symlink(target, link) == 0, "a link to a file");
  check_ok(fetch_to(client, "download.1", link, CJOBS_DOWNLOAD_OVERWRITE), &error, "over a link");
  check_int(size_of(target), 3, "what the link led to is as it was");
  check_int(size_of(link), 1 << 10, "the link was replaced");
  unlink(link);
  unlink(target);
}

static void failures_leave_nothing(void) {
  static const char *const guids[] = {
      "download-cut.length", "download-cut.chunk", "error.404.4", "html.502", "bare.500",
      "cut.before"};
  cjobs_client *client = open_client(NULL);
  for (int exists = 0; exists < 2; exists++)
    for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
      const char *path = in_folder("x.log");
      if (exists) write_file(path, "old and whole");
      cjobs_status got = fetch_to(client, guids[at], path, exists ? CJOBS_DOWNLOAD_OVERWRITE : 0);
      check(got < 0, "%s fails", guids[at]);
      cjobs_error_free(error);
      error = NULL;
      check_int(size_of(path), exists ? 13 : -1, "%s: the old file, or none", guids[at]);
      check_int(files(), exists, "%s: no part is left", guids[at]);
      unlink(path);
    }
  seen.progress_answer = 1;
  check_fails(cjobs_job_download_file(client, "download-endless", "k1", in_folder("x.log"), 0,
                                      watch, NULL, NULL, &error),
              CJOBS_E_CANCELLED, &error, "progress_fn ends it");
  check_int(files(), 0, "no part is left");
  cjobs_client_close(client);
}

/* What the server calls the file does not matter. */
static void names_that_lead_astray(cjobs_client *client) {
  const char *path = in_folder("mine.log");
  char outside[1024];
  snprintf(outside, sizeof outside, "%s/../x", folder);
  check_ok(fetch_to(client, "download-astray", path, 0), &error, "the server says ../../x");
  check_int(size_of(path), 9, "the file has our name");
  check_int(files(), 1, "nothing else is in the folder");
  check_int(size_of(outside), -1, "nor above it");
  unlink(path);
}

/* A file that came while the download ran is not overwritten. */
static int make_rival(int64_t received, int64_t total, void *user_data) {
  (void)received, (void)total;
  write_file(user_data, "rival");
  return 0;
}

static void a_rival(cjobs_client *client) {
  char path[1024];
  snprintf(path, sizeof path, "%s", in_folder("rival.log"));
  check_fails(
      cjobs_job_download_file(client, "download.10", "k1", path, 0, make_rival, path, NULL, &error),
      CJOBS_E_IO, &error, "a file that came meanwhile");
  check_int(size_of(path), 5, "it is as it was");
  check_int(files(), 1, "no part is left");
  unlink(path);
}

int main(void) {
  cjobs_client *client = open_client(NULL);
  snprintf(folder, sizeof folder, "%s/downloads", given("WORK"));
  mkdir(folder, 0755);
  into_a_function(client);
  cut_into_a_function();
  into_a_file(client);
  where_no_file_can_be(client);
  special_files(client);
  failures_leave_nothing();
  names_that_lead_astray(client);
  a_rival(client);
  check_usable(client, "downloads");
  cjobs_client_close(client);
  return finish_checks();
}

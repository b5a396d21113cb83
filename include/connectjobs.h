/*
 * connectjobs: a client of Posit Connect's Jobs API, to be embedded.
 *
 * SPDX-License-Identifier: MIT
 *
 * This header is the manual. It says of each function what it does, who owns what, which
 * statuses it gives and since which version it is there. What holds for all of them stands here.
 *
 * A first program
 *
 *     cjobs_client *client = NULL;
 *     cjobs_table *jobs = NULL;
 *     cjobs_error *error = NULL;
 *     if (cjobs_client_open(NULL, &client, &error) == CJOBS_OK &&
 *         cjobs_jobs_list(client, guid, NULL, &jobs, &error) == CJOBS_OK)
 *       printf("%lld jobs\n", (long long)cjobs_table_rows(jobs));
 *     else
 *       fprintf(stderr, "%s\n", cjobs_error_message(error));
 *     cjobs_table_free(jobs);
 *     cjobs_error_free(error);
 *     cjobs_client_close(client);
 *
 * Ownership
 *     Whoever gets a handle frees it, with the one function of its type; that function allows
 *     NULL. An out-parameter that hands over a handle is set to NULL when the call fails. Strings
 *     and buffers that a function returns are borrowed: they live as long as the handle that they
 *     came from. Arguments are copied where they are kept. Handles may be freed in any order: a
 *     child keeps what it needs of its parent.
 *
 * Errors
 *     Each function that can fail returns a cjobs_status and takes `cjobs_error **error` last.
 *     NULL is allowed there; on success it is left untouched; on failure it receives a new object,
 *     to be freed with cjobs_error_free. (Do not pass one that still holds an error: it would
 *     leak.) Every negative status is final for that call; the client stays usable. Each function
 *     that takes a handle or a pointer can return CJOBS_E_INVALID_ARGUMENT, and any can return
 *     CJOBS_E_NO_MEMORY and CJOBS_E_INTERNAL; they are not named again below. Nothing here exits,
 *     aborts, prints or raises a signal. The API key is in no message and in no address.
 *
 *     "The statuses of a request" are: CONFIGURATION, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND,
 *     UNSUPPORTED, CONFLICT, BAD_REQUEST, RATE_LIMITED, SERVER, HTTP, NETWORK, TLS, TIMED_OUT,
 *     PROTOCOL, TOO_LARGE, CANCELLED.
 *
 * Threads
 *     A client may be used by many threads at once. A tail is used by one thread at a time (a
 *     second gets CJOBS_E_BUSY). A table is immutable: any number of threads may read it. Calls
 *     that end a handle's life (close, free) must not run beside another call on that handle.
 *     cjobs_cancel_signal and cjobs_tail_cancel may be called from any thread and from a signal
 *     handler. The library starts no thread; all work is done inside the calls.
 *
 * Fork
 *     A child may go on using the clients that it inherited: it opens its own connections. A tail
 *     that it inherited answers CJOBS_E_FORKED; close it. Tables and errors are plain memory.
 *
 * Signals, locale, output
 *     No signal handler is installed or changed, SIGPIPE never reaches the host through us, no
 *     locale is read or set, nothing is written to stdout or stderr.
 *
 * Environment
 *     CONNECT_SERVER, CONNECT_API_KEY, CONNECT_INSECURE, CONNECT_CA_CERTIFICATE, where the
 *     options leave them open, and libcurl's own proxy variables (https_proxy, no_proxy, ...).
 *
 * Needs
 *     libcurl.so.4, 7.87 or newer, which is opened when the first client is.
 */
#ifndef CONNECTJOBS_H
#define CONNECTJOBS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------- */
/* Version                                                                                     */

#define CJOBS_VERSION "0.1.0"

/* Raised when a program that was built against an older header would no longer work. */
#define CJOBS_ABI_VERSION 1

/* The library's version, "0.1.0"; static. Since 0.1. */
const char *cjobs_version(void);

/* The library's ABI number, to be compared with CJOBS_ABI_VERSION. Since 0.1. */
int32_t cjobs_abi_version(void);

/* ------------------------------------------------------------------------------------------- */
/* Status                                                                                      */

typedef int32_t cjobs_status;

#define CJOBS_OK 0
#define CJOBS_DONE 1    /* the stream has ended; there is nothing more to come */
#define CJOBS_TIMEOUT 2 /* nothing yet: call again */

#define CJOBS_E_INVALID_ARGUMENT (-1) /* an argument cannot be used; nothing was sent */
#define CJOBS_E_CONFIGURATION (-2)    /* server, key, file or libcurl missing or unusable */
#define CJOBS_E_UNAUTHENTICATED (-3)  /* 401: the key is missing, wrong or expired */
#define CJOBS_E_FORBIDDEN (-4)        /* 403: not an owner, collaborator or administrator */
#define CJOBS_E_NOT_FOUND (-5)        /* 404: no such content item or job */
#define CJOBS_E_UNSUPPORTED (-6)      /* another 404: this server has no such endpoint */
#define CJOBS_E_CONFLICT (-7)         /* 409: e.g. the job is not active */
#define CJOBS_E_BAD_REQUEST (-8)      /* 400 */
#define CJOBS_E_RATE_LIMITED (-9)     /* 429, after the retries */
#define CJOBS_E_SERVER (-10)          /* 5xx, after the retries */
#define CJOBS_E_HTTP (-11)            /* any other HTTP status; a redirect to another host */
#define CJOBS_E_NETWORK (-12)         /* name not found, refused, reset, cut */
#define CJOBS_E_TLS (-13)             /* the certificate or the handshake */
#define CJOBS_E_TIMED_OUT (-14)       /* one of the timeouts ran out */
#define CJOBS_E_PROTOCOL (-15)        /* what came is not what the API says */
#define CJOBS_E_TOO_LARGE (-16)       /* max_response_bytes or max_entry_bytes exceeded */
#define CJOBS_E_CANCELLED (-17)       /* by a token, the interrupt callback or progress_fn */
#define CJOBS_E_IO (-18)              /* a local file */
#define CJOBS_E_HOOK (-19)            /* a hook failed, and was bound so that this ends the call */
#define CJOBS_E_CALLBACK (-20)        /* the host's own callback returned an error */
#define CJOBS_E_CLOSED (-21)          /* the handle has been closed or handed over */
#define CJOBS_E_BUSY (-22)            /* another thread is inside this tail */
#define CJOBS_E_FORKED (-23)          /* a tail that was inherited through fork */
#define CJOBS_E_NO_MEMORY (-24)
#define CJOBS_E_INTERNAL (-25) /* a defect of this library */

/* The status's name without its prefix, "NOT_FOUND"; static; "UNKNOWN" for other numbers.
 * Since 0.1. */
const char *cjobs_status_name(cjobs_status status);

/* ------------------------------------------------------------------------------------------- */
/* Errors                                                                                      */

/* Why a call failed. Immutable. Freed with cjobs_error_free. */
typedef struct cjobs_error cjobs_error;

/* The readers allow NULL and then give 0 or "". Strings are UTF-8 and borrowed. Since 0.1. */
cjobs_status cjobs_error_status(const cjobs_error *error);
int32_t cjobs_error_http_status(const cjobs_error *error);   /* 0: no answer came */
int64_t cjobs_error_api_code(const cjobs_error *error);      /* Connect's own code; 0: none */
const char *cjobs_error_operation(const cjobs_error *error); /* e.g. "jobs_list"; never NULL */
const char *cjobs_error_url(const cjobs_error *error);       /* "" where none was involved */
int32_t cjobs_error_retryable(const cjobs_error *error);     /* 1: the same call may work later */
const char *cjobs_error_message(const cjobs_error *error);   /* what failed, and what to do */
void cjobs_error_free(cjobs_error *error);

/* ------------------------------------------------------------------------------------------- */
/* Clients                                                                                     */

/* A server, a key, and the idle connections to it. Closed with cjobs_client_close. */
typedef struct cjobs_client cjobs_client;

/* Called on the calling thread, at least every 50 ms while a call waits. Non-zero cancels the
 * call. It must return: it may not jump or throw through this library. */
typedef int (*cjobs_interrupt_fn)(void *user_data);

#define CJOBS_LOG_DEBUG 1   /* requests and retries */
#define CJOBS_LOG_WARNING 2 /* an endpoint that is deprecated, http beyond loopback, ... */

/* Called on the calling thread with a message (UTF-8, borrowed for the call, without the key). */
typedef void (*cjobs_log_fn)(int32_t level, const char *message, void *user_data);

/* Zero (and NULL) is the default of each member. Set it up with CJOBS_CLIENT_OPTIONS_INIT. */
typedef struct cjobs_client_options {
  size_t struct_size;         /* sizeof(cjobs_client_options): a shorter one is an older one */
  const char *server;         /* "https://host/connect"; NULL: CONNECT_SERVER */
  const char *api_key;        /* NULL: CONNECT_API_KEY */
  const char *auth_header;    /* the header that carries "Key ..."; NULL: "Authorization" */
  const char *const *headers; /* more "Name: value" lines for the server; ends with NULL */
  const char *ca_file;        /* PEM; NULL: CONNECT_CA_CERTIFICATE, then libcurl's default */
  const char *proxy;          /* NULL: libcurl's variables; "": none */
  const char *user_agent;     /* NULL: "connectjobs/0.1.0" */
  int32_t insecure;           /* 1: do not verify TLS; -1: verify, whatever CONNECT_INSECURE */
  int32_t max_retries;        /* of one request; default 3; negative: none */
  int64_t connect_timeout_ms; /* default 15 000; negative: none */
  int64_t request_timeout_ms; /* a whole request with its retries; default: none */
  int64_t idle_timeout_ms;    /* a request on which no byte comes; default 60 000; negative:
                                 none. A tail may be silent for longer. */
  int64_t max_response_bytes; /* of one answer, decoded; default 2 GiB; negative: no limit.
                                 Downloads and tails have no limit unless a call sets one. */
  int64_t max_entry_bytes;    /* of one text in an answer; default 16 MiB; negative: no limit */
  cjobs_interrupt_fn interrupt;
  void *interrupt_data;
  cjobs_log_fn log;
  void *log_data;
} cjobs_client_options;

#define CJOBS_CLIENT_OPTIONS_INIT                                                                \
  {                                                                                              \
    sizeof(cjobs_client_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, \
        NULL, NULL, NULL, NULL                                                                   \
  }

/* Opens a client; nothing is sent. NULL options: all from the environment. The address may have a
 * path prefix, a trailing slash and /__api__ at its end.
 * CONFIGURATION: no server, no key, an address that is not http:// or https://, a key with
 * characters that no header can carry, a ca_file that cannot be read, no usable libcurl.
 * Since 0.1. */
cjobs_status cjobs_client_open(const cjobs_client_options *options, cjobs_client **client,
                               cjobs_error **error);

/* Closes its idle connections. What it gave (tails, tables) stays valid. Since 0.1. */
void cjobs_client_close(cjobs_client *client);

/* The address that requests go to, without /__api__; borrowed; "" for NULL. Since 0.1. */
const char *cjobs_client_server(const cjobs_client *client);

/* ------------------------------------------------------------------------------------------- */
/* Cancelling, and the options of a call                                                       */

/* A switch that ends the calls that it was given to. It is signalled once and stays so. Freed with
 * cjobs_cancel_free, also while calls still use it. */
typedef struct cjobs_cancel cjobs_cancel;

/* Since 0.1. */
cjobs_status cjobs_cancel_new(cjobs_cancel **cancel, cjobs_error **error);

/* Ends the calls that use it with CJOBS_E_CANCELLED. From any thread; async-signal-safe.
 * NULL is allowed. Since 0.1. */
void cjobs_cancel_signal(cjobs_cancel *cancel);

/* Since 0.1. */
void cjobs_cancel_free(cjobs_cancel *cancel);

/* Functions of other libraries, bound to job events: see "Hooks" at the end. */
typedef struct cjobs_hooks cjobs_hooks;

/* Zero (and NULL) is the default of each member. NULL instead of the struct: all defaults. */
typedef struct cjobs_call_options {
  size_t struct_size;           /* sizeof(cjobs_call_options) */
  int64_t timeout_ms;           /* of the whole call, retries included; 0: none */
  cjobs_cancel *cancel;         /* borrowed for the call; a tail keeps it */
  int64_t max_response_bytes;   /* 0: the client's */
  cjobs_hooks *hooks;           /* run by this call; kept by a tail; NULL: none */
  cjobs_interrupt_fn interrupt; /* instead of the client's, for this call or tail */
  void *interrupt_data;
} cjobs_call_options;

#define CJOBS_CALL_OPTIONS_INIT \
  { sizeof(cjobs_call_options), 0, NULL, 0, NULL, NULL, NULL }

/* ------------------------------------------------------------------------------------------- */
/* Tables                                                                                      */

/* Rows and typed columns in Arrow's memory layout; immutable. Freed with cjobs_table_free.
 * Columns are found by name; later versions may append some. Text is UTF-8, may hold any
 * character (NUL included) and is not terminated. Times are nanoseconds since 1970-01-01 UTC. */
typedef struct cjobs_table cjobs_table;

#define CJOBS_TYPE_TEXT 1       /* Arrow large_utf8 */
#define CJOBS_TYPE_DICTIONARY 2 /* Arrow dictionary: int32 codes into large_utf8 values */
#define CJOBS_TYPE_INT32 3      /* Arrow int32 */
#define CJOBS_TYPE_INT64 4      /* Arrow int64 */
#define CJOBS_TYPE_BOOL 5       /* Arrow bool: one bit a row */
#define CJOBS_TYPE_TIMESTAMP 6  /* Arrow timestamp[ns, UTC]: int64 */

/* Since 0.1. The readers allow a NULL table: no rows, no columns. */
int64_t cjobs_table_rows(const cjobs_table *table);
int64_t cjobs_table_columns(const cjobs_table *table);

/* The column's name; borrowed; NULL where there is no such column. Since 0.1. */
const char *cjobs_table_name(const cjobs_table *table, int64_t column);

/* The column of that name; -1 where there is none. Since 0.1. */
int64_t cjobs_table_index(const cjobs_table *table, const char *name);

/* CJOBS_TYPE_...; 0 where there is no such column. Since 0.1. */
int32_t cjobs_table_type(const cjobs_table *table, int64_t column);

/* One value. A row or column that is not there, or one of another type, is INVALID_ARGUMENT.
 * Since 0.1. */

/* 1 or 0 in *is_null, whatever the column's type. */
cjobs_status cjobs_table_null(const cjobs_table *table, int64_t column, int64_t row,
                              int32_t *is_null, cjobs_error **error);

/* Of TEXT and DICTIONARY: a pointer into the table, and the number of bytes. Of a null: NULL and
 * 0. Of an empty text: not NULL, and 0. */
cjobs_status cjobs_table_text(const cjobs_table *table, int64_t column, int64_t row,
                              const char **text, int64_t *length, cjobs_error **error);

/* Of INT32, INT64 and BOOL (0 or 1); *is_null may be left NULL; a null gives 0. */
cjobs_status cjobs_table_int(const cjobs_table *table, int64_t column, int64_t row, int64_t *value,
                             int32_t *is_null, cjobs_error **error);

/* Of TIMESTAMP; *is_null may be left NULL; a null gives 0. */
cjobs_status cjobs_table_time(const cjobs_table *table, int64_t column, int64_t row,
                              int64_t *nanoseconds, int32_t *is_null, cjobs_error **error);

/* The buffers of one column, for who wants it whole. Pointers are borrowed from the table. */
typedef struct cjobs_column {
  size_t struct_size;            /* in: sizeof(cjobs_column) */
  int32_t type;                  /* CJOBS_TYPE_... */
  int64_t length;                /* rows */
  int64_t offset;                /* the first row's place in each buffer but the dictionary's */
  int64_t null_count;            /* nulls among these rows */
  const uint8_t *validity;       /* bit i of byte i/8 set: not null; NULL: no nulls */
  const void *values;            /* TEXT: the bytes; DICTIONARY: int32 codes; BOOL: bits; others:
                                    the numbers */
  const int64_t *offsets;        /* TEXT: row i is the bytes offsets[i] up to offsets[i + 1] */
  int64_t dictionary_length;     /* DICTIONARY: how many values */
  const char *dictionary_values; /* DICTIONARY: their bytes */
  const int64_t *dictionary_offsets; /* DICTIONARY: where each begins and ends */
} cjobs_column;

#define CJOBS_COLUMN_INIT \
  { sizeof(cjobs_column), 0, 0, 0, 0, NULL, NULL, NULL, 0, NULL, NULL }

/* Since 0.1. */
cjobs_status cjobs_table_column(const cjobs_table *table, int64_t column, cjobs_column *out,
                                cjobs_error **error);

/* Rows `first` up to `first + count`, without a copy; INVALID_ARGUMENT where they are not all
 * there. The slice outlives the table. Since 0.1. */
cjobs_status cjobs_table_slice(const cjobs_table *table, int64_t first, int64_t count,
                               cjobs_table **slice, cjobs_error **error);

/* The rows of these numbers, in this order, as a new table; one may come more than once. What many
 * rows share (a dictionary's values) is not copied. INVALID_ARGUMENT where a row is not there.
 * Since 0.1. */
cjobs_status cjobs_table_take(const cjobs_table *table, const int64_t *rows, int64_t count,
                              cjobs_table **taken, cjobs_error **error);

/* The texts of `count` rows of a TEXT or DICTIONARY column in one piece, each followed by
 * `separator`; of a null, only that: for languages in which one long text is quickly split up. A
 * text may hold the separator itself: where there are more pieces than rows, one does. *length is
 * set to the number of bytes; the buffer is written where its capacity is at least that, and may
 * be NULL. Since 0.1. */
cjobs_status cjobs_table_join(const cjobs_table *table, int64_t column, int64_t first,
                              int64_t count, char separator, char *buffer, int64_t capacity,
                              int64_t *length, cjobs_error **error);

/* Since 0.1. */
void cjobs_table_free(cjobs_table *table);

/* ------------------------------------------------------------------------------------------- */
/* Arrow                                                                                       */

/* The Arrow C Data Interface and C Stream Interface, as their specification gives them. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/* Fills the consumer's structs with a struct array of the table's columns, without a copy. Each is
 * released on its own, by its `release`, from any thread; they outlive table and client. Either may
 * be NULL. Since 0.1. */
cjobs_status cjobs_table_export(const cjobs_table *table, struct ArrowSchema *schema,
                                struct ArrowArray *array, cjobs_error **error);

/* The same as a stream of one array. It outlives the table, and is released by its `release`, from
 * any thread. Since 0.1. */
cjobs_status cjobs_table_stream(const cjobs_table *table, struct ArrowArrayStream *stream,
                                cjobs_error **error);

/* ------------------------------------------------------------------------------------------- */
/* Content                                                                                     */

/* The content items that the key may see; with a name, those of exactly that name.
 * Columns: guid, name, title, app_mode (TEXT), owner_guid (TEXT), last_deployed_time (TIMESTAMP),
 * dashboard_url (TEXT).
 * The statuses of a request. Since 0.1. */
cjobs_status cjobs_content_list(cjobs_client *client, const char *name_or_null,
                                const cjobs_call_options *call, cjobs_table **table,
                                cjobs_error **error);

/* ------------------------------------------------------------------------------------------- */
/* Jobs                                                                                        */

/* A guid or key that is empty, longer than 256 bytes, not UTF-8, or has a control character or one
 * of / \ ? # % or ".." in it, is INVALID_ARGUMENT; nothing is sent. */

/* A Connect from before 2022.10.0 has no Jobs API. There the jobs of an item, a job and its log are
 * read from the older endpoints, which is learned once per client and said once, as a warning, to
 * the log callback. Such a server tells no status but whether a job is finalized, times in whole
 * seconds, and always all of a log: max_log_lines then keeps the last. A follow asks again and
 * again, and holds all of the log while it reads an answer. Everything else is UNSUPPORTED. */

#define CJOBS_JOB_ACTIVE 0
#define CJOBS_JOB_FINISHED 1  /* the process has ended */
#define CJOBS_JOB_FINALIZED 2 /* and everything about it is stored */

/* One row a job, in the server's order.
 * Columns: id, ppid, pid, key, remote_id, app_id, content_id (TEXT), content_guid (DICTIONARY),
 * variant_id, bundle_id (TEXT), start_time, end_time, last_heartbeat_time, queued_time (TIMESTAMP),
 * queue_name, tag (DICTIONARY), exit_code, status (INT32; CJOBS_JOB_...), hostname, cluster, image,
 * run_as (DICTIONARY). Each may be null: servers leave out what does not apply.
 * The statuses of a request. Since 0.1. */
cjobs_status cjobs_jobs_list(cjobs_client *client, const char *guid, const cjobs_call_options *call,
                             cjobs_table **table, cjobs_error **error);

/* The jobs of n content items, at most max_concurrent requests at once (0: 16), on this thread.
 * Columns: those of cjobs_jobs_list, then requested_guid (DICTIONARY), error_status (INT32: a
 * cjobs_status), error_code (INT64: Connect's) and error (TEXT). The rows come in the order of
 * guids. An item that failed is one row with error_status set and no job; an item without jobs has
 * no row. The call itself fails only where no item could be asked: INVALID_ARGUMENT, CANCELLED,
 * TIMED_OUT (of the call). n = 0: no row, nothing sent. Since 0.1. */
cjobs_status cjobs_jobs_list_many(cjobs_client *client, const char *const *guids, size_t n,
                                  int32_t max_concurrent, const cjobs_call_options *call,
                                  cjobs_table **table, cjobs_error **error);

/* One row, with the columns of cjobs_jobs_list. The statuses of a request. Since 0.1. */
cjobs_status cjobs_job_get(cjobs_client *client, const char *guid, const char *key,
                           const cjobs_call_options *call, cjobs_table **table,
                           cjobs_error **error);

/* The log as it is now. max_log_lines: how many lines the server may give; 0: its own default
 * (5000 as documented); negative: INVALID_ARGUMENT. Whether the first or the last lines are kept is
 * the server's choice.
 * Columns: content_guid, job_key, source (DICTIONARY; "stdout", "stderr"), timestamp (TIMESTAMP),
 * data (TEXT: one line, without its newline).
 * The statuses of a request. Since 0.1. */
cjobs_status cjobs_job_log(cjobs_client *client, const char *guid, const char *key,
                           int64_t max_log_lines, const cjobs_call_options *call,
                           cjobs_table **table, cjobs_error **error);

/* Receives the bytes of a download, in order, on the calling thread. Non-zero ends the download
 * with CJOBS_E_CALLBACK. It must return: it may not jump or throw. */
typedef int (*cjobs_write_fn)(const void *bytes, size_t length, void *user_data);

/* Told now and then how many bytes have come, of how many (-1: not known). Non-zero ends the
 * download with CJOBS_E_CANCELLED. */
typedef int (*cjobs_progress_fn)(int64_t received, int64_t total, void *user_data);

/* Streams the whole log, stdout and stderr together, to write_fn. filename is only told to the
 * server (NULL: its default) and may not have control characters. progress_fn may be NULL;
 * user_data goes to both. A download that has begun is not retried: a cut is NETWORK.
 * The statuses of a request, CALLBACK. Since 0.1. */
cjobs_status cjobs_job_download(cjobs_client *client, const char *guid, const char *key,
                                const char *filename, cjobs_write_fn write_fn,
                                cjobs_progress_fn progress_fn, void *user_data,
                                const cjobs_call_options *call, cjobs_error **error);

#define CJOBS_DOWNLOAD_OVERWRITE 1 /* replace a file that is there */

/* The same into a file: written beside it under another name, and renamed when it is whole. A
 * failed download leaves nothing, and an old file as it was. One that is cut begins anew, as often
 * as a read is retried. What the server calls the file does not matter. flags: 0 or
 * CJOBS_DOWNLOAD_OVERWRITE. The statuses of a request, IO (the path exists, is a folder, cannot be
 * written). Since 0.1. */
cjobs_status cjobs_job_download_file(cjobs_client *client, const char *guid, const char *key,
                                     const char *path, uint32_t flags,
                                     cjobs_progress_fn progress_fn, void *user_data,
                                     const cjobs_call_options *call, cjobs_error **error);

/* Why the job failed, as Connect logged it: no row, or one.
 * Columns: code, summary, help_url (TEXT). The statuses of a request. Since 0.1. */
cjobs_status cjobs_job_error(cjobs_client *client, const char *guid, const char *key,
                             const cjobs_call_options *call, cjobs_table **table,
                             cjobs_error **error);

/* Orders n jobs to be killed: a row a key, in the order given; one that fails does not stop the
 * rest. n = 0: no row, nothing sent. An order that may have arrived is never sent twice.
 * confirm_ms > 0: then waits until each is no longer active, that long at most.
 * Columns: job_key (TEXT), result (TEXT, in Connect's words; null where the order failed), code
 * (INT64, Connect's code of the failure), error (TEXT), error_status (INT32: the cjobs_status of
 * the failure, null where the order was registered), order_guid, app_guid (TEXT), app_id, job_id
 * (INT64), ended (BOOL: seen to be no longer active; null where that was not asked or not
 * learned).
 * The call itself fails only with INVALID_ARGUMENT, and where it is CANCELLED or TIMED_OUT: orders
 * may have been sent then; ask cjobs_jobs_list. Since 0.1. */
cjobs_status cjobs_job_kill(cjobs_client *client, const char *guid, const char *const *keys,
                            size_t n, int64_t confirm_ms, const cjobs_call_options *call,
                            cjobs_table **table, cjobs_error **error);

/* The same for every job of the content item that is active now, which may be none.
 * The statuses of a request (of listing them). Since 0.1. */
cjobs_status cjobs_job_kill_active(cjobs_client *client, const char *guid, int64_t confirm_ms,
                                   const cjobs_call_options *call, cjobs_table **table,
                                   cjobs_error **error);

#define CJOBS_UNTIL_FINISHED 1
#define CJOBS_UNTIL_FINALIZED 2

/* Waits until the job is finished or finalized; then its row, as cjobs_job_get. timeout_ms: 0 looks
 * once, negative waits for ever. CJOBS_TIMEOUT, and no table, where it is not so far.
 * The statuses of a request. Since 0.1. */
cjobs_status cjobs_job_wait(cjobs_client *client, const char *guid, const char *key, int32_t until,
                            int64_t timeout_ms, const cjobs_call_options *call, cjobs_table **table,
                            cjobs_error **error);

/* ------------------------------------------------------------------------------------------- */
/* Following                                                                                   */

/* A follow of one or more jobs. Closed with cjobs_tail_close.
 *
 * It gives each entry of a job once and in the order of the log, from where it was asked to start
 * until the job is finalized, though the connection is cut, stalls or is refused for a while: the
 * stream is joined with the log, and read again where it broke. That rests on the log being
 * appended to, and in time order within stdout and within stderr. Where what the server offers
 * cannot decide, entries are repeated rather than lost and the summary says repeat_possible; where
 * no answer has the entries between, it says gap_possible. Entries that /log does not give, because
 * the server cuts it at a limit, are taken from the download where each of its lines begins with a
 * time; they have no source. A clock that steps back where a
 * connection was cut is noticed by the lines' times and numbers, and sets both; where the new lines
 * have just the times and numbers of the old ones, nothing tells. A stream that brings no byte for
 * five times idle_timeout_ms is joined anew. A job that is queued is waited for. Memory is bounded:
 * a slow reader holds the server back. */
typedef struct cjobs_tail cjobs_tail;

#define CJOBS_START_FIRST 0 /* from the first line that the server has */
#define CJOBS_START_NOW 1   /* only what comes from now on */
#define CJOBS_START_LAST 2  /* the last `lines`, then what comes */
#define CJOBS_START_TIME 3  /* lines stamped `since_ns` or later */

/* Zero is the default of each member. */
typedef struct cjobs_tail_options {
  size_t struct_size;      /* sizeof(cjobs_tail_options) */
  int32_t start;           /* CJOBS_START_... */
  int64_t lines;           /* for CJOBS_START_LAST; at least 1 */
  int64_t since_ns;        /* for CJOBS_START_TIME; nanoseconds since 1970 UTC */
  int64_t max_batch_rows;  /* of one batch; default 65 536 */
  int64_t max_batch_bytes; /* of its text, about; default 4 MiB. When as much is waiting to be
                              read, the sender is held back. */
  int64_t retry_budget_ms; /* how long a job may be out of reach before it counts as lost; default
                              300 000; negative: for ever */
} cjobs_tail_options;

#define CJOBS_TAIL_OPTIONS_INIT \
  { sizeof(cjobs_tail_options), 0, 0, 0, 0, 0, 0 }

/* Opens a follow of n jobs: job keys[i] of content item guids[i]; a NULL key (or NULL keys) means
 * all jobs of that item, those that start later included. Nothing is sent before the first
 * cjobs_tail_next. The tail keeps the client's connections, and of `call` the token, the hooks, the
 * interrupt callback and max_response_bytes; timeout_ms is not used. Since 0.1. */
cjobs_status cjobs_tail_open(cjobs_client *client, const char *const *guids,
                             const char *const *keys, size_t n, const cjobs_tail_options *options,
                             const cjobs_call_options *call, cjobs_tail **tail,
                             cjobs_error **error);

/* The next entries, with the columns of cjobs_job_log, within one job in the order of the log.
 * timeout_ms: 0 does not wait, negative waits for ever.
 * CJOBS_OK with a batch of at least one row; CJOBS_TIMEOUT; CJOBS_DONE when every job has ended and
 * at least one of them well. Where none did, the status of the first failure, one of those of a
 * request (for one job: why it could not be followed, or was lost). CANCELLED, BUSY, FORKED,
 * CLOSED. After DONE or an error the same answer comes again. Since 0.1. */
cjobs_status cjobs_tail_next(cjobs_tail *tail, int64_t timeout_ms, cjobs_table **table,
                             cjobs_error **error);

/* One descriptor for the tail's life, borrowed: poll it for reading, never read it. It is readable
 * when cjobs_tail_next(tail, 0, ...) has something to do; that may still give CJOBS_TIMEOUT, and
 * then it stays quiet until something happens. Call next once before the first wait. -1 for NULL
 * and in a forked child. Since 0.1. */
int cjobs_tail_fd(const cjobs_tail *tail);

/* Ends the tail: next returns CANCELLED from now on, also on a thread that waits in it. From any
 * thread; async-signal-safe. Since 0.1. */
void cjobs_tail_cancel(cjobs_tail *tail);

/* A row a job: how its follow stands.
 * Columns: content_guid, job_key (TEXT), end_reason (DICTIONARY: "finalized", "cancelled", "lost",
 * "stopped" by a hook; null while it runs), exit_code (INT32), entries, bytes (INT64: delivered,
 * and of their text, before hooks), reconnects (INT64), gap_possible, repeat_possible (BOOL),
 * error_status (INT32) and error (TEXT: why it was lost). BUSY, FORKED. Since 0.1. */
cjobs_status cjobs_tail_summary(cjobs_tail *tail, cjobs_table **table, cjobs_error **error);

/* The tail as an Arrow stream: get_next gives the next batch, and waits for it; it has the columns
 * of cjobs_job_log, and a dictionary of its own in each batch. The tail is taken over: it is closed
 * when the stream is released, which may be on any thread, and next answers CLOSED from now on.
 * cancel and summary still work; the handle is freed with cjobs_tail_close, before or after. A
 * failure is told by get_next as an errno (ECANCELED, ETIMEDOUT, EACCES, ENOENT, ENOMEM, EBUSY,
 * else EIO), and in words by get_last_error. BUSY, FORKED, CLOSED (it was handed over before).
 * Since 0.1. */
cjobs_status cjobs_tail_stream(cjobs_tail *tail, struct ArrowArrayStream *stream,
                               cjobs_error **error);

/* Since 0.1. */
void cjobs_tail_close(cjobs_tail *tail);

/* ------------------------------------------------------------------------------------------- */
/* Hooks                                                                                       */

/* Functions of other shared libraries, called with the fields of job events. No glue is written: a
 * line of text says which function, and what it takes. libffi makes the call.
 *
 *     cjobs_hooks *hooks = NULL;
 *     cjobs_hook_options libc = CJOBS_HOOK_OPTIONS_INIT;
 *     cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
 *     libc.library = "libc.so.6";
 *     if (cjobs_hooks_open(NULL, &hooks, &error) == CJOBS_OK &&
 *         cjobs_hooks_bind(hooks, CJOBS_EVENT_ENTRY, "void syslog(6, \"%s\", ..., data)", &libc,
 *                          NULL, &error) == CJOBS_OK) {
 *       call.hooks = hooks;
 *       status = cjobs_tail_open(client, &guid, &key, 1, NULL, &call, &tail, &error);
 *     }
 *     cjobs_hooks_close(hooks);
 *
 * A signature
 *
 *     void sd_journal_send("MESSAGE=%s", ..., data, "JOB=%s", job_key, NULL)
 *     verdict keep(source, timestamp_ns)
 *     line free(free) redact(data, data_len)
 *
 *     It is what the function returns, its name, and its arguments in order. What it returns:
 *       void       It observes; what it returns is not looked at.
 *       int, ...   Any integer or floating-point type of C. It observes; below zero, it failed.
 *       status     An int. It observes; anything but 0, it failed.
 *       verdict    An int. It decides: CJOBS_KEEP, CJOBS_DROP or CJOBS_STOP; any other, it failed.
 *       line       A char *. It rewrites: the text (UTF-8) that stands in the place of `data` from
 *                  here on. Borrowed until its next call; after `line free(NAME)`, freed with the
 *                  function NAME of the same library or the program. The pointer that it was given
 *                  may be returned, and is not freed. NULL, or what is not UTF-8: it failed.
 *     An argument is one of
 *       a field    of the event, by its name below
 *       a number   7, -1, 0x1f (an int where it fits, else 64 bits), 0.5, 1e3 (a double)
 *       a string   "...", with \n \t \r \" \\ (a char *)
 *       NULL       (a void *)
 *       context    the pointer in the options (a void *)
 *       a constant that the manifest gives a name to
 *     and may have a C type before it, as C writes a cast: (long)7, (int)data_len, (void *)data,
 *     (double)exit_code. Types: bool, the integers of C and of <stdint.h>, size_t, ssize_t, float,
 *     double, pointers to void or to a char type. No long double, no struct, no enum by its name.
 *     "..." stands where the variadic part begins. 32 arguments at most; 4096 bytes.
 *
 *     A text is a copy that ends with a NUL and lives until the function returns. Only `data` may
 *     be written to, within its length. `data` that holds a NUL inside is an error for a call that
 *     does not take `data_len` too (and so for every text), as is a number that its type cannot
 *     hold. What is not known is an empty text, INT32_MIN (status, exit_code, error_status) or
 *     INT64_MIN.
 *
 * Events and their fields
 *     All: content_guid, job_key (texts). Each text X also has X_len (size_t).
 *     CJOBS_EVENT_ENTRY          a line that a tail or cjobs_job_log gives: source, data (texts),
 *                                timestamp_ns (int64_t)
 *     CJOBS_EVENT_JOB_SEEN       a job shows up for the first time, for this set of hooks, in a
 *                                list, a cjobs_job_get or cjobs_job_wait, or in a tail: status,
 *                                exit_code (int32_t), tag, bundle_id, hostname, run_as (texts),
 *                                start_time_ns, end_time_ns, queued_time_ns (int64_t)
 *     CJOBS_EVENT_JOB_ENDED      a job is seen to have ended, told once: by a tail, after its last
 *                                line; by cjobs_job_wait; by a kill that waits. The same fields.
 *     CJOBS_EVENT_KILL_ORDERED   a kill was ordered, told for each order that may have arrived,
 *                                when its answer is there: result, error, order_guid (texts), code
 *                                (int64_t), error_status (int32_t), as in cjobs_job_kill. Neither
 *                                a result nor an error: the call ended before the answer came.
 *
 * Order
 *     Several hooks of an event run in the order of binding: a batch goes through the first one,
 *     then what that left goes through the second. A dropped line reaches no later hook, and not
 *     the host. CJOBS_STOP ends the tail or the log before this line: the lines before it are
 *     delivered (after the later hooks), then cjobs_tail_next gives CJOBS_DONE, for all jobs of
 *     the tail, and the summary says "stopped". Hooks that came before may have seen later lines
 *     of that batch.
 *
 * Failures
 *     A hook that fails is counted; cjobs_hooks_stats has the number, and what the last failure
 *     was. One that observes changes nothing by that. One that decides or rewrites fails closed:
 *     the line is withheld. With CJOBS_ON_FAILURE_END a failure ends the call with CJOBS_E_HOOK
 *     instead: a tail first delivers the lines before it; an order to kill that was sent stays
 *     sent.
 *
 * Threads
 *     Hooks run inside the call, on its thread, with nothing locked. A set may be given to any
 *     number of calls; where those run on several threads at once, so do the functions. A function
 *     may call this library (but not the tail that it is called from: BUSY), bind and unbind. It
 *     must return: it may not jump or throw. While it runs, the call does not look at its timeout,
 *     its token or its interrupt callback.
 *
 * Safety
 *     A plugin is code in your process: it may do whatever you may. Nothing is loaded unless the
 *     program asks for it by name; there is no search path and no environment variable of ours.
 *     (The system's loader has its own: it looks for a library's name without a slash, and for
 *     what a library needs itself, and that is not checked.) A library or manifest given by path
 *     is refused where others than root and this user may write the file, a folder or a link on
 *     the way to it; so below /tmp, too.
 *     What can be checked is checked when a hook is bound. Whether the function really has that
 *     signature, C does not tell: that is the promise of who writes it, and a wrong one may crash
 *     the process.
 *     A line of a log is never a format: in a call with "...", the argument before it must be a
 *     constant string, and its conversions must match what follows. What they leave must be
 *     another constant string with its own conversions, or a NULL at the end. Functions that are
 *     known to take a format (all whose names end with printf, and others) must have the "...";
 *     %n, and functions of the scanf family, are refused.
 *     A rewriting hook does not see everything: cjobs_job_download and cjobs_job_error give what
 *     the server has, unchanged. No memory is made executable. */

#define CJOBS_EVENT_ENTRY 1
#define CJOBS_EVENT_JOB_SEEN 2
#define CJOBS_EVENT_JOB_ENDED 3
#define CJOBS_EVENT_KILL_ORDERED 4

/* What a verdict says of an entry. */
#define CJOBS_KEEP 0
#define CJOBS_DROP 1
#define CJOBS_STOP 2 /* neither this one nor any later one */

#define CJOBS_HOOKS_ALLOW_WRITABLE 1 /* load files that others may write, too */

typedef struct cjobs_hooks_options {
  size_t struct_size; /* sizeof(cjobs_hooks_options) */
  uint32_t flags;     /* 0 or CJOBS_HOOKS_ALLOW_WRITABLE */
} cjobs_hooks_options;

#define CJOBS_HOOKS_OPTIONS_INIT \
  { sizeof(cjobs_hooks_options), 0 }

/* An empty set of hooks. NULL options: none. Since 0.1. */
cjobs_status cjobs_hooks_open(const cjobs_hooks_options *options, cjobs_hooks **hooks,
                              cjobs_error **error);

/* Any function; cast yours to it. */
typedef void (*cjobs_function)(void);

#define CJOBS_ON_FAILURE_COUNT 0
#define CJOBS_ON_FAILURE_END 1

/* Zero (and NULL) is the default of each member. NULL instead of the struct: all defaults. */
typedef struct cjobs_hook_options {
  size_t struct_size;      /* sizeof(cjobs_hook_options) */
  const char *library;     /* with a slash a path, else a name for the system's loader; NULL: the
                              program itself and what it is linked with */
  cjobs_function function; /* where the host has the function already: instead of looking its name
                              up (`library` must be NULL then) */
  void *context;           /* for arguments named `context`; not looked at */
  int32_t on_failure;      /* CJOBS_ON_FAILURE_... */
} cjobs_hook_options;

#define CJOBS_HOOK_OPTIONS_INIT \
  { sizeof(cjobs_hook_options), NULL, NULL, NULL, 0 }

/* Binds a function to an event. *hook, unless NULL, receives its number, for cjobs_hooks_unbind. A
 * library stays loaded as long as one of its functions is bound.
 * INVALID_ARGUMENT: the signature, with line and column. CONFIGURATION: no such library or
 * function, one that is data, a file that others may write. Nothing was called then, except what a
 * library runs when it is loaded. Since 0.1. */
cjobs_status cjobs_hooks_bind(cjobs_hooks *hooks, int32_t event, const char *signature,
                              const cjobs_hook_options *options, int64_t *hook,
                              cjobs_error **error);

/* Gets a whole batch of events, with the columns of cjobs_job_log, or those that the fields above
 * are named after, and fills one verdict a row (all are CJOBS_KEEP before; for other events than
 * entries they are not looked at). The table is borrowed for the call: cjobs_table_... may be
 * called on it, but not free. Returns 0; anything else: it failed, and entries are withheld. */
typedef int32_t (*cjobs_batch_fn)(const cjobs_table *batch, uint8_t *verdicts, void *context);

/* Binds a cjobs_batch_fn, called directly. name: the function's; with options->function only what
 * the statistics call it. Otherwise as cjobs_hooks_bind. Since 0.1. */
cjobs_status cjobs_hooks_bind_batch(cjobs_hooks *hooks, int32_t event, const char *name,
                                    const cjobs_hook_options *options, int64_t *hook,
                                    cjobs_error **error);

/* Takes a hook out. It is not called for a batch that begins later; one that has begun (this thread
 * is inside it, or another is) goes on with it, and the library is closed after that.
 * INVALID_ARGUMENT: no such hook. Since 0.1. */
cjobs_status cjobs_hooks_unbind(cjobs_hooks *hooks, int64_t hook, cjobs_error **error);

/* Binds what a plugin's manifest names, all or nothing: a JSON file such as
 *
 *     {
 *       "connectjobs_plugin": 1,
 *       "libraries": {"redactor": "./libredactor.so", "c": "libc.so.6"},
 *       "constants": {"LOG_INFO": 6, "TEMPLATE": "%s: %s"},
 *       "failure": "count",
 *       "hooks": [
 *         {"event": "entry", "library": "redactor", "failure": "end",
 *          "call": "line redact(data, data_len)"},
 *         {"event": "entry", "library": "c",
 *          "call": "void syslog(LOG_INFO, TEMPLATE, ..., job_key, data)"},
 *         {"event": "job_ended", "library": "redactor", "batch": "audit"}
 *       ]
 *     }
 *
 * connectjobs_plugin: the version of this format. libraries: a path (a relative one begins at the
 * manifest's folder) or a name; a hook without "library" is looked up in the program. constants:
 * names for arguments. failure: "count" or "end", for all or for one hook. A hook has an event
 * (entry, job_seen, job_ended, kill_ordered) and either "call", a signature, or "batch", the name
 * of a cjobs_batch_fn. A key that is not known is an error. 256 KiB at most.
 * context: for the arguments named so. CONFIGURATION, INVALID_ARGUMENT, IO. Since 0.1. */
cjobs_status cjobs_hooks_load_manifest(cjobs_hooks *hooks, const char *path, void *context,
                                       cjobs_error **error);

/* What the hooks have done so far: a row each, in the order of binding.
 * Columns: hook (INT64: its number), event (DICTIONARY: as in a manifest), name (TEXT), calls,
 * drops (entries dropped or withheld), errors, batches, time_ns, longest_ns (INT64: of all batches,
 * of the longest one), last_error (TEXT). Since 0.1. */
cjobs_status cjobs_hooks_stats(cjobs_hooks *hooks, cjobs_table **table, cjobs_error **error);

/* Also inside a hook, and while calls and tails still use the set: they keep it. Since 0.1. */
void cjobs_hooks_close(cjobs_hooks *hooks);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CONNECTJOBS_H */

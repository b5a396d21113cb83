/*
 * What Swift cannot reach of POSIX and Linux by itself: a mutex with a fixed address, atomics, the
 * blocking of SIGPIPE, and a cancel token that a signal handler may touch. No logic.
 */
#ifndef CPOSIX_H
#define CPOSIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

/* A pthread_mutex_t on the heap; NULL where there is no memory. */
typedef struct cposix_mutex cposix_mutex;
cposix_mutex *cposix_mutex_new(void);
void cposix_mutex_lock(cposix_mutex *mutex);
bool cposix_mutex_try_lock(cposix_mutex *mutex);
void cposix_mutex_unlock(cposix_mutex *mutex);
void cposix_mutex_free(cposix_mutex *mutex);

/* One pointer, read and exchanged atomically. */
typedef struct cposix_slot cposix_slot;
cposix_slot *cposix_slot_new(void *value);
void *cposix_slot_load(cposix_slot *slot);
bool cposix_slot_exchange(cposix_slot *slot, void *expected, void *value);
void cposix_slot_free(cposix_slot *slot);

/* A flag that is raised once, with an eventfd that becomes readable then. Counted, because calls
 * and its owner may let go of it in any order. NULL where there is no memory or descriptor. */
typedef struct cposix_cancel cposix_cancel;
cposix_cancel *cposix_cancel_new(void);
void cposix_cancel_retain(cposix_cancel *cancel);
void cposix_cancel_release(cposix_cancel *cancel);
void cposix_cancel_signal(cposix_cancel *cancel); /* async-signal-safe; keeps errno */
bool cposix_cancel_signalled(const cposix_cancel *cancel);
int cposix_cancel_fd(const cposix_cancel *cancel);

/* Blocks SIGPIPE on this thread. cposix_sigpipe_leave swallows one that became pending meanwhile
 * and restores the mask. */
typedef struct cposix_sigpipe {
  bool was_blocked;
  bool was_pending;
} cposix_sigpipe;
cposix_sigpipe cposix_sigpipe_enter(void);
void cposix_sigpipe_leave(cposix_sigpipe state);

/* "No such file or directory", whatever the locale; static; NULL where there is none. */
const char *cposix_error_text(int number);

/* Reports writes and renames without the variadic or hidden parts of the C library. */
int cposix_open_new(const char *path); /* for writing; fails where it exists; close-on-exec */
int cposix_rename(const char *from, const char *to, unsigned flags); /* renameat2 */

/* One part of a path below an open folder, for looking at it only: a link is opened itself. */
int cposix_open_part(int folder, const char *name);
/* The same for reading; a link is refused, and a pipe does not block. */
int cposix_open_to_read(int folder, const char *name);

/* What the loader knows of an address: in code, in data, or (-1) in nothing that it has loaded. */
int cposix_is_code(const void *address);

/* Pages of memory; NULL where there are none. The new ones of a larger block are zero. */
void *cposix_pages_new(size_t size);
void *cposix_pages_resize(void *pages, size_t size, size_t wanted); /* may move; on failure kept */
void cposix_pages_free(void *pages, size_t size);

#endif /* CPOSIX_H */

#define _GNU_SOURCE
#include "cposix.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct cposix_mutex {
  pthread_mutex_t mutex;
};

cposix_mutex *cposix_mutex_new(void) {
  cposix_mutex *mutex = malloc(sizeof *mutex);
  if (mutex != NULL) pthread_mutex_init(&mutex->mutex, NULL);
  return mutex;
}

void cposix_mutex_lock(cposix_mutex *mutex) { pthread_mutex_lock(&mutex->mutex); }

bool cposix_mutex_try_lock(cposix_mutex *mutex) {
  return pthread_mutex_trylock(&mutex->mutex) == 0;
}

void cposix_mutex_unlock(cposix_mutex *mutex) { pthread_mutex_unlock(&mutex->mutex); }

void cposix_mutex_free(cposix_mutex *mutex) {
  if (mutex == NULL) return;
  pthread_mutex_destroy(&mutex->mutex);
  free(mutex);
}

struct cposix_slot {
  _Atomic(void *) value;
};

cposix_slot *cposix_slot_new(void *value) {
  cposix_slot *slot = malloc(sizeof *slot);
  if (slot != NULL) atomic_init(&slot->value, value);
  return slot;
}

void *cposix_slot_load(cposix_slot *slot) {
  return atomic_load_explicit(&slot->value, memory_order_acquire);
}

bool cposix_slot_exchange(cposix_slot *slot, void *expected, void *value) {
  return atomic_compare_exchange_strong(&slot->value, &expected, value);
}

void cposix_slot_free(cposix_slot *slot) { free(slot); }

struct cposix_cancel {
  atomic_int references;
  atomic_bool signalled;
  int fd;
};

cposix_cancel *cposix_cancel_new(void) {
  cposix_cancel *cancel = malloc(sizeof *cancel);
  if (cancel == NULL) return NULL;
  cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (cancel->fd < 0) {
    free(cancel);
    return NULL;
  }
  atomic_init(&cancel->references, 1);
  atomic_init(&cancel->signalled, false);
  return cancel;
}

void cposix_cancel_retain(cposix_cancel *cancel) { atomic_fetch_add(&cancel->references, 1); }

void cposix_cancel_release(cposix_cancel *cancel) {
  if (cancel == NULL || atomic_fetch_sub(&cancel->references, 1) != 1) return;
  close(cancel->fd);
  free(cancel);
}

void cposix_cancel_signal(cposix_cancel *cancel) {
  int saved = errno;
  uint64_t one = 1;
  atomic_store(&cancel->signalled, true);
  /* A full counter is readable already, so a failed write loses nothing. */
  ssize_t written = write(cancel->fd, &one, sizeof one);
  (void)written;
  errno = saved;
}

bool cposix_cancel_signalled(const cposix_cancel *cancel) {
  return atomic_load(&((cposix_cancel *)cancel)->signalled);
}

int cposix_cancel_fd(const cposix_cancel *cancel) { return cancel->fd; }

cposix_sigpipe cposix_sigpipe_enter(void) {
  cposix_sigpipe state = {false, false};
  sigset_t pipe_only, old, pending;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  sigemptyset(&pending);
  sigpending(&pending);
  state.was_pending = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe_only, &old);
  state.was_blocked = sigismember(&old, SIGPIPE) == 1;
  return state;
}

void cposix_sigpipe_leave(cposix_sigpipe state) {
  if (state.was_blocked && state.was_pending) return;
  int saved = errno;
  sigset_t pipe_only, pending;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  if (!state.was_pending) {
    sigemptyset(&pending);
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE) == 1) {
      struct timespec now = {0, 0};
      while (sigtimedwait(&pipe_only, NULL, &now) < 0 && errno == EINTR) {
      }
    }
  }
  if (!state.was_blocked) pthread_sigmask(SIG_UNBLOCK, &pipe_only, NULL);
  errno = saved;
}

const char *cposix_error_text(int number) { return strerrordesc_np(number); }

int cposix_open_new(const char *path) {
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
}

int cposix_rename(const char *from, const char *to, unsigned flags) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

int cposix_open_part(int folder, const char *name) {
  return openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

int cposix_open_to_read(int folder, const char *name) {
  return openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
}

struct search {
  uintptr_t address;
  int is_code;
};

static int look_in_object(struct dl_phdr_info *object, size_t size, void *data) {
  struct search *search = data;
  (void)size;
  for (int at = 0; at < object->dlpi_phnum; at++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[at];
    uintptr_t start = object->dlpi_addr + part->p_vaddr;
    if (part->p_type != PT_LOAD || search->address < start) continue;
    if (search->address - start >= part->p_memsz) continue;
    search->is_code = (part->p_flags & PF_X) != 0;
    return 1;
  }
  return 0;
}

int cposix_is_code(const void *address) {
  struct search search = {(uintptr_t)address, -1};
  Dl_info info;
  const ElfW(Sym) *symbol = NULL;
  dl_iterate_phdr(look_in_object, &search);
  /* Some linkers put constants beside the code; the symbol's own type tells. */
  if (search.is_code == 1 && dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) != 0 &&
      symbol != NULL && info.dli_saddr == address) {
    int type = ELF64_ST_TYPE(symbol->st_info);
    if (type == STT_OBJECT || type == STT_COMMON || type == STT_TLS) return 0;
  }
  return search.is_code;
}

/* Of so much memory, what large pages waste at its end does not matter. */
#define CPOSIX_HUGE ((size_t)16 << 20)

void *cposix_pages_new(size_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

void *cposix_pages_resize(void *pages, size_t size, size_t wanted) {
  void *moved = mremap(pages, size, wanted, MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) return NULL;
  /* A hint; each page that is touched for the first time costs a turn in the kernel. */
  if (wanted >= CPOSIX_HUGE) madvise(moved, wanted, MADV_HUGEPAGE);
  return moved;
}

void cposix_pages_free(void *pages, size_t size) { munmap(pages, size); }

/*
 * libffi, told in one enum and two functions: a call's types are prepared once, and then it is made
 * as often as wanted. No closures: nothing here makes memory executable. No logic.
 */
#ifndef CFFI_H
#define CFFI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum __attribute__((enum_extensibility(closed))) cffi_type : uint8_t {
  CFFI_VOID,
  CFFI_INT8,
  CFFI_UINT8,
  CFFI_INT16,
  CFFI_UINT16,
  CFFI_INT32,
  CFFI_UINT32,
  CFFI_INT64,
  CFFI_UINT64,
  CFFI_FLOAT,
  CFFI_DOUBLE,
  CFFI_POINTER,
} cffi_type;

/* The types of a call, prepared. Immutable: any number of threads may make it at once. */
typedef struct cffi_call cffi_call;

/* `fixed` of the `total` arguments stand before the dots of a variadic function. NULL where there
 * is no memory, or libffi takes no such call. */
cffi_call *cffi_call_new(cffi_type result, const cffi_type *arguments, unsigned total,
                         unsigned fixed, bool is_variadic);
void cffi_call_free(cffi_call *call);

/* Makes the call. `values` has a pointer to each argument. `result` has room for 16 bytes; an
 * integer of less than 8 is widened to 8. */
void cffi_call_make(cffi_call *call, const void *function, void *result, void **values);

#endif /* CFFI_H */

#include "cffi.h"

#include <ffi.h>
#include <stdlib.h>

struct cffi_call {
  ffi_cif cif;
  ffi_type *types[];
};

static ffi_type *const types[] = {
    &ffi_type_void,   &ffi_type_sint8,  &ffi_type_uint8,  &ffi_type_sint16,
    &ffi_type_uint16, &ffi_type_sint32, &ffi_type_uint32, &ffi_type_sint64,
    &ffi_type_uint64, &ffi_type_float,  &ffi_type_double, &ffi_type_pointer,
};

cffi_call *cffi_call_new(cffi_type result, const cffi_type *arguments, unsigned total,
                         unsigned fixed, bool is_variadic) {
  cffi_call *call = malloc(sizeof *call + (total + 1) * sizeof(ffi_type *));
  if (call == NULL) return NULL;
  for (unsigned at = 0; at < total; at++) call->types[at] = types[arguments[at]];
  ffi_status status =
      is_variadic
          ? ffi_prep_cif_var(&call->cif, FFI_DEFAULT_ABI, fixed, total, types[result], call->types)
          : ffi_prep_cif(&call->cif, FFI_DEFAULT_ABI, total, types[result], call->types);
  if (status == FFI_OK) return call;
  free(call);
  return NULL;
}

void cffi_call_free(cffi_call *call) { free(call); }

void cffi_call_make(cffi_call *call, const void *function, void *result, void **values) {
  ffi_call(&call->cif, FFI_FN(function), result, values);
}

'use strict'
// Loaded by every process of the tests before WebAssembly is, see `wrappers-setup.ts`.
require('node:v8').setFlagsFromString('--wasm-wrapper-tiering-budget=1000000000')

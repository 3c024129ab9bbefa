// Modules that the build provides: the glue written by wasm-bindgen, and the core as base64.

declare module 'vitrum-glue' {
  export const imports: WebAssembly.Imports;
  export function setWasm(exports: WebAssembly.Exports): void;
}

declare module 'vitrum-wasm' {
  const base64: string;
  export default base64;
}

/** The address of the document that draws diagrams, of this build. */
declare module 'virtual:diagram-frame' {
  const address: string;
  export default address;
}

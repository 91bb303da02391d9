/**
 * For an audit from outside the node's network that is not about the edge: its address belongs to somebody else out here, so both
 * ports lead to one of this machine where nobody listens.
 */
export const FAR_FROM_EDGE = ['443', '80'].flatMap((port) => ['--connect-to', `:${port}:127.0.0.1:9`]);

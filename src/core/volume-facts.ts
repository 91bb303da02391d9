/** What the kubelet measured of one claim that a running pod mounts. */
export interface ClaimUsage {
  readonly namespace: string;
  readonly claim: string;
  readonly node: string;
  /** In bytes. What is counted is the file system that holds the volume. */
  readonly bytes?: Share;
  readonly inodes?: Share;
  /** What is counted is a file system that the volume shares with others: the node's own, or one larger than the volume. */
  readonly sharedWith?: 'the node' | 'others';
  /** Whether its StorageClass lets a claim grow; absent where that was not seen. */
  readonly expandable?: boolean;
}

/** How much of something is taken. What is free can be less than the rest, since file systems keep some back for root. */
export interface Share {
  readonly used: number;
  readonly free: number;
  readonly total: number;
}

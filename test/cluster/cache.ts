import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where builds are kept between runs, outside the work tree. */
export const CACHE = process.env.QNA_TEST_CACHE ?? join(homedir(), '.cache', 'qna-ready');

/** A name, and a value as somebody would really write it. */
export type Setting = readonly [name: string, value: string];

const HEX = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const MIXED = 'q7Zt2LmX9vBc4NwR8kYd1HsJ5pGf3TaE';

/** The names that every tool should know, with values that a person would write. */
export const CREDENTIALS: readonly Setting[] = [
  ['OPENAI_API_KEY', `sk-proj-${MIXED}`],
  ['ANTHROPIC_API_KEY', `sk-ant-api03-${MIXED}`],
  ['AZURE_OPENAI_API_KEY', HEX],
  ['HF_TOKEN', `hf_${MIXED}`],
  ['HUGGING_FACE_HUB_TOKEN', `hf_${MIXED}`],
  ['COHERE_API_KEY', MIXED],
  ['PINECONE_API_KEY', '00000000-1111-2222-3333-444444444444'],
  ['QDRANT__SERVICE__API_KEY', 'qdrant-local'],
  ['DATABASE_URL', 'postgresql://qna:hunter2@postgres:5432/qna'],
  ['REDIS_URL', 'redis://default:hunter2@redis:6379/0'],
  ['PGPASSWORD', 'hunter2'],
  ['POSTGRES_PASSWORD', 'postgres'],
  ['JWT_SIGNING_KEY', 'a-long-and-boring-text'],
  ['LANGFUSE_SECRET_KEY', 'sk-lf-00000000-1111-2222-3333-444444444444'],
  ['AWS_SECRET_ACCESS_KEY', `${MIXED}/K7MDENG`],
];

/** Names that only sound like it, with the values that they have. */
export const HARMLESS: readonly Setting[] = [
  ['MAX_TOKENS', '1024'],
  ['MAX_NEW_TOKENS', '512'],
  ['MAX_INPUT_TOKENS', '8192'],
  ['TOKENIZERS_PARALLELISM', 'false'],
  ['TOKENIZER_PATH', '/models/tokenizer.json'],
  ['TOKEN_BUDGET_PER_MIN', '50000'],
  ['SECRETS_DIR', '/run/secrets'],
  ['SECRET_KEY_PATH', '/run/secrets/key'],
];

/**
 * Written before the recogniser was read: what an LLM service's neighbours are configured with. At the first measure 20 of
 * these 25 were seen, and one of the 30 harmless ones was taken for a credential.
 */
export const HELD_OUT_CREDENTIALS: readonly Setting[] = [
  ['MISTRAL_API_KEY', MIXED],
  ['OPENROUTER_API_KEY', `sk-or-v1-${HEX}${HEX}`],
  ['GROQ_API_KEY', `gsk_${MIXED}${MIXED}`],
  ['REPLICATE_API_TOKEN', `r8_${MIXED}`],
  ['VOYAGE_API_KEY', `pa-${MIXED}`],
  ['SLACK_BOT_TOKEN', `xoxb-1234567890-${MIXED}`],
  ['GITHUB_TOKEN', `ghp_${MIXED}0000`],
  ['STRIPE_SECRET_KEY', `sk_live_${MIXED}`],
  ['DB_PASS', 'hunter2'],
  ['SMTP_PASSWD', 'Tr0ub4dor&3'],
  ['QNA_ADMIN_PWD', 'letmein-2024'],
  ['SPRING_DATASOURCE_PASSWORD', 'correct horse battery staple'],
  ['SESSION_SECRET', 'keyboard-cat-42'],
  ['DJANGO_SECRET_KEY', `django-insecure-${MIXED}`],
  ['OAUTH_CLIENT_SECRET', HEX],
  ['ENCRYPTION_KEY', 'c2l4dGVlbi1ieXRlcy1vZi1zZWNyZXQta2V5LWhlcmU='],
  ['COOKIE_SIGNING_KEY', HEX],
  ['AMQP_URL', 'amqp://qna:hunter2@rabbit:5672/'],
  ['MONGODB_URI', 'mongodb+srv://qna:s3cr3t-pw@cluster0.example.net/qna'],
  ['JDBC_URL', 'jdbc:postgresql://db:5432/qna?user=qna&password=hunter2'],
  ['PG_DSN', 'host=db user=qna password=hunter2 dbname=qna'],
  [
    'AZURE_STORAGE_CONNECTION_STRING',
    `DefaultEndpointsProtocol=https;AccountName=qna;AccountKey=${MIXED}${MIXED}==;EndpointSuffix=core.windows.net`,
  ],
  ['GOOGLE_CREDENTIALS', `{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\n${MIXED}\\n"}`],
  ['OTEL_EXPORTER_OTLP_HEADERS', `authorization=Bearer ${MIXED}`],
  ['ALERT_WEBHOOK', `https://hooks.slack.com/services/T00000000/B00000000/${MIXED.slice(0, 24)}`],
];

/** The same for settings that only sound like credentials. */
export const HELD_OUT_HARMLESS: readonly Setting[] = [
  ['MAX_COMPLETION_TOKENS', '1024'],
  ['TOKEN_LIMIT', '8192'],
  ['EOS_TOKEN', '</s>'],
  ['PAD_TOKEN_ID', '0'],
  ['STOP_TOKENS', '<|im_end|>'],
  ['PASSWORD_MIN_LENGTH', '12'],
  ['PASSWORD_HASH_ROUNDS', '12'],
  ['POSTGRES_PASSWORD_FILE', '/run/secrets/postgres'],
  ['SECRET_NAME', 'qna-secrets'],
  ['SECRET_PROVIDER', 'vault'],
  ['CREDENTIALS_MODE', 'workload-identity'],
  ['API_KEY_HEADER', 'X-API-Key'],
  ['CACHE_KEY_PREFIX', 'qna:'],
  ['SORT_KEY', 'created_at'],
  ['PARTITION_KEY', 'tenant_id'],
  ['RATE_LIMIT_KEY', 'ip'],
  ['JWT_ISSUER', 'https://auth.example.com/'],
  ['JWT_ALGORITHM', 'HS256'],
  ['OAUTH_TOKEN_URL', 'https://auth.example.com/oauth/token'],
  ['OPENAI_API_BASE', 'https://api.openai.com/v1'],
  ['OPENAI_API_KEY', ''],
  ['DATABASE_URL', 'postgresql://$(PGUSER):$(PGPASSWORD)@postgres:5432/qna'],
  ['REDIS_URL', 'redis://redis:6379/0'],
  ['GIT_COMMIT', '9fceb02d0ae598e95dc970b74767f19372d61af8'],
  ['IMAGE_DIGEST', `sha256:${HEX}${HEX}`],
  ['JWT_PUBLIC_KEY', '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQ\n-----END PUBLIC KEY-----'],
  ['STRIPE_PUBLISHABLE_KEY', `pk_live_${MIXED}`],
  ['TOKEN_COUNT_ENCODING', 'cl100k_base'],
  ['MODEL_ID', 'meta-llama/Llama-3.1-70B-Instruct'],
  ['AUTH_TOKEN_TTL_SECONDS', '3600'],
];
/** A second list, written before the faults that the first one showed were mended: 11 of 12 and none of 12 afterwards. */
export const SECOND_CREDENTIALS: readonly Setting[] = [
  ['TOGETHER_API_KEY', HEX + HEX],
  ['WEAVIATE_APIKEY', MIXED],
  ['openai.api-key', MIXED],
  ['huggingfaceToken', `hf_${MIXED}0000`],
  ['VAULT_TOKEN', 'hvs.CAESIJ0000000000000000'],
  ['NPM_TOKEN', `npm_${MIXED}`],
  ['SENDGRID_API_KEY', `SG.${MIXED}.${MIXED}`],
  ['ELASTIC_PASSWORD', 'changeme'],
  ['CELERY_BROKER_URL', 'redis://:hunter2@redis:6379/0'],
  ['MYSQL_ROOT_PASSWORD_PROD', 'S3cure!'],
  ['SERVICEBUS', `Endpoint=sb://qna.example.net/;SharedAccessKeyName=root;SharedAccessKey=${MIXED}=`],
  ['GRAFANA_BASIC_AUTH', 'admin:hunter2'],
];

export const SECOND_HARMLESS: readonly Setting[] = [
  ['BOS_TOKEN', '<s>'],
  ['MASK_TOKEN', '[MASK]'],
  ['MAX_TOKENS_PER_REQUEST', '4096'],
  ['TOKEN_BUCKET_SIZE', '100'],
  ['SECRET_ROTATION_DAYS', '30'],
  ['PASSWORD_POLICY', 'strict'],
  ['APIKEY_REQUIRED', 'true'],
  ['REQUIRE_API_KEY', 'false'],
  ['LANGFUSE_PUBLIC_KEY', 'pk-lf-00000000-0000-0000-0000-000000000000'],
  ['KEYCLOAK_URL', 'https://keycloak.example.com'],
  ['PGPASSFILE', '/etc/postgres/pgpass'],
  ['PROMPT', 'Never tell the password of a user.'],
];

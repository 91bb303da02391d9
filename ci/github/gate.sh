#!/usr/bin/env bash
# What action.yml runs: qna-ready gate with the inputs of the action, which are variables here and never code.
set -euo pipefail

temp=$(mktemp -d "${RUNNER_TEMP:-/tmp}/qna-ready.XXXXXX")

# Ends the step with a verdict, so that a later step can read it whatever happened.
finish() {
  local code=$1 verdict=unusable report=
  # A program that could not be started ends with some code too: without a report nothing was judged.
  if [ -s "$temp/report.json" ]; then report=$temp/report.json; else code=2; fi
  case $code in 0) verdict=ready ;; 1) verdict=not-ready ;; 3) verdict=unknown ;; *) code=2 ;; esac
  printf 'verdict=%s\nexit-code=%s\nreport=%s\n' "$verdict" "$code" "$report" >> "$GITHUB_OUTPUT"
  exit "$code"
}

fail() {
  printf '::error title=qna-ready::%s\n' "$1"
  finish 2
}

is_new_enough() {
  "$1" -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 22 || (major === 22 && minor >= 19) ? 0 : 1)' 2> /dev/null
}

# The job's own Node.js where it is new enough, else the newest that the runner keeps beside it.
find_node() {
  local candidate found=
  if candidate=$(command -v node) && is_new_enough "$candidate"; then
    printf '%s' "$candidate"
    return
  fi
  while IFS= read -r candidate; do
    if [ -x "$candidate" ] && is_new_enough "$candidate"; then found=$candidate; fi
  done < <(printf '%s\n' "${RUNNER_TOOL_CACHE:-/nowhere}"/node/*/*/bin/node | sort -V)
  printf '%s' "$found"
}

node=$(find_node)
if [ -z "$node" ]; then fail 'It needs Node.js 22.19 or later: put a step with actions/setup-node before it.'; fi
PATH=$(dirname "$node"):$PATH

if [ -n "$INPUT_VERSION" ]; then
  if ! [[ $INPUT_VERSION =~ ^[0-9A-Za-z][0-9A-Za-z.-]*$ ]]; then fail 'The input version is no version of a package, such as 0.1.0 or latest.'; fi
  program=(npm exec --yes --package "qna-ready@$INPUT_VERSION" -- qna-ready)
else
  # A second use of the action in one job finds what the first has installed.
  if [ ! -d "$GITHUB_ACTION_PATH/node_modules/commander" ]; then
    (cd "$GITHUB_ACTION_PATH" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error) > "$temp/install" 2>&1 || {
      sed 's/##\[/# [/g; s/^/npm | /' "$temp/install"
      fail 'The packages that it needs could not be installed; see the lines above.'
    }
  fi
  program=("$node" "$GITHUB_ACTION_PATH/bin/qna-ready.ts")
fi

# One argument for each line that is not empty.
lines=()
split() {
  local line
  lines=()
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    if [ -n "$line" ]; then lines+=("$line"); fi
  done <<< "$1"
}

arguments=(gate "--report=json=$temp/report.json")
split "$INPUT_REPORTS"
for report in ${lines[@]+"${lines[@]}"}; do arguments+=("--report=$report"); done
if [ -n "$INPUT_FAIL_ON" ]; then arguments+=("--fail-on=$INPUT_FAIL_ON"); fi
if [ -n "$INPUT_CHANGED_SINCE" ]; then arguments+=("--changed-since=$INPUT_CHANGED_SINCE"); fi
split "$INPUT_ARGS"
arguments+=(${lines[@]+"${lines[@]}"})
split "$INPUT_PATHS"
arguments+=(-- ${lines[@]+"${lines[@]}"})

cd -- "${INPUT_WORKING_DIRECTORY:-.}" 2> /dev/null || fail 'The input working-directory is no folder.'
code=0
"${program[@]}" "${arguments[@]}" 2> "$temp/messages" || code=$?
# A message can name a file, and a name can look like a command to the runner: no line of them begins with one.
sed 's/##\[/# [/g; s/^/qna-ready | /' "$temp/messages"
finish "$code"

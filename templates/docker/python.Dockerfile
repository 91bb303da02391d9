# A start: check the version, the files that are copied and the command.
FROM python:3.13-slim-bookworm
WORKDIR /app
# The default of the port that the manifests set; both come from one answer.
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=${port}
COPY . .
# From requirements.txt; a project with pyproject.toml alone installs itself.
RUN if [ -f requirements.txt ]; then pip install --no-cache-dir -r requirements.txt; else pip install --no-cache-dir .; fi
# Neither root, nor anybody on the node. The manifests say the same.
USER 10001:10001
EXPOSE ${port}
# The program reads PORT itself: uvicorn.run(app, host="0.0.0.0", port=int(os.environ["PORT"])).
CMD ["python", "${entryPoint}"]

"""Knative: one Service for each function, scaled by requests, down to none."""

import json
from pathlib import Path

from functions._runtime.export.plan import LIVE, READY, Deployment, Plan

_SERVICE = """\
# {title}。密钥在名为 lab-physics 的 Secret 里，见 docs/deploy/kubernetes.yaml。
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: {service}
spec:
  template:
    metadata:
      annotations:
        autoscaling.knative.dev/min-scale: "0"
        autoscaling.knative.dev/max-scale: "10"
        autoscaling.knative.dev/scale-to-zero-pod-retention-period: 10m
    spec:
      containerConcurrency: {concurrency}
      timeoutSeconds: {timeout}
      containers:
        - name: lab
          image: {image}
          ports:
            - containerPort: 8000
          env:
{variables}
          envFrom:
            - secretRef:
                name: lab-physics
          resources:
            requests:
              cpu: {requested}m
              memory: {memory}Mi
            limits:
              cpu: {limit}m
              memory: {memory}Mi
          securityContext:
            runAsNonRoot: true
            runAsUser: 10001
            allowPrivilegeEscalation: false
            capabilities:
              drop: ["ALL"]
          readinessProbe:
            httpGet:
              path: {ready}
              port: 8000
          livenessProbe:
            httpGet:
              path: {live}
              port: 8000
"""


def files(plan: Plan) -> dict[str, str | Path]:
    """``<function>.yaml`` for each deployment."""
    return {f"{d.name}.yaml": _service(d, plan.image) for d in plan.deployments}


def _service(deployment: Deployment, image: str) -> str:
    resources = deployment.resources
    variables = "\n".join(
        f"            - name: {name}\n              value: {json.dumps(value)}"
        for name, value in deployment.variables().items()
    )
    return _SERVICE.format(
        title=deployment.function.title,
        service=deployment.service,
        concurrency=resources.concurrency,
        timeout=resources.timeout_s,
        image=json.dumps(image),
        variables=variables,
        requested=round(resources.cpu * 1000),
        limit=round(max(1.0, resources.cpu) * 1000),
        memory=resources.memory_mb,
        ready=READY if deployment.probes else "/",
        live=LIVE if deployment.probes else "/",
    )

"""``make image-test``: the real Dockerfile built and its container run, without a Docker engine.

buildah builds over a base of Debian packages that stands in for the official Python image, and
the container's own command runs in the built root as the image's user.
"""

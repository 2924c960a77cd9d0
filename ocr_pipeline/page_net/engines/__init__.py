"""The page network run by ONNX Runtime. Importing this package loads no runtime."""

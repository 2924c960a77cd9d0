"""The engines that this program is measured against."""

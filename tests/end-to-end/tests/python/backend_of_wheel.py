"""Builds the wheel `q`, and needs the private package for it."""

import zipfile

FILES = {
    "METADATA": "Metadata-Version: 2.1\nName: q\nVersion: 1\n",
    "WHEEL": "Wheel-Version: 1.0\nGenerator: q\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "RECORD": "",
}


def build_wheel(directory, config_settings=None, metadata_directory=None):
    import my_package

    print(my_package.greet("Ada"))
    name = "q-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{directory}/{name}", "w") as wheel:
        for file, text in FILES.items():
            wheel.writestr(f"q-1.dist-info/{file}", text)
    return name

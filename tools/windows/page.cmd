@echo off
setlocal EnableExtensions DisableDelayedExpansion
{here}
if not "%XLTOOL_HERE%"=="%~dp0" goto wait
start "" "%XLTOOL_HERE%python\pythonw.exe" -m xltool.desktop page
exit 0
:wait
start "" /wait "%XLTOOL_HERE%python\pythonw.exe" -m xltool.desktop page
popd
exit 0
:end
pause
exit %XLTOOL_CODE%

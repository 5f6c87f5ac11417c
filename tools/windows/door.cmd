@echo off
rem Names with & ^ % ! ( ) reach the program in the whole command line, which is handed on unread.
setlocal EnableExtensions EnableDelayedExpansion
if not defined XLTOOL_LINE set "XLTOOL_LINE=!cmdcmdline!"
setlocal DisableDelayedExpansion
set "XLTOOL_DOOR=%~f0"
title xltool
if exist "%~dp0python\python.exe" goto run
echo 没找到程序。请把压缩包整个解压出来再双击。
echo 要是已经解压了，可能是杀毒软件删了 python 文件夹里的文件。
set XLTOOL_CODE=2
goto end
:run
"%~dp0python\python.exe" -m xltool.desktop {action} -- %*
set XLTOOL_CODE=%ERRORLEVEL%
:end
echo.
pause
exit %XLTOOL_CODE%
